package xiu.transport.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which of several things belongs to the server name that a client asks for: that with the very name, else that whose
 * wildcard stands for its first label (RFC 9525 §6.3), else the first. Immutable.
 */
final class ServerNames<T> {
    private final T first;
    private final Map<String, T> byName = new HashMap<>();

    /** At least one; where two have the same name, the earlier one has it. */
    ServerNames(List<ServerCertificate> certificates, Function<ServerCertificate, T> made) {
        List<T> all = certificates.stream().map(made).toList();
        this.first = all.getFirst();
        for (int i = 0; i < all.size(); i++) {
            for (String name : certificates.get(i).names()) {
                byName.putIfAbsent(name, all.get(i));
            }
        }
    }

    /** That for a client; null stands for a client that names no server. */
    T of(@Nullable String name) {
        if (name == null) {
            return first;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        T exact = byName.get(lower);
        if (exact != null) {
            return exact;
        }
        int dot = lower.indexOf('.');
        return dot < 0 ? first : byName.getOrDefault("*" + lower.substring(dot), first);
    }
}
