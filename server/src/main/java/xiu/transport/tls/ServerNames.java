package xiu.transport.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the entry for the server name that a client asks for: the one with exactly that name, or else the one whose
 * wildcard covers its first label (RFC 9525 §6.3), or else the first. Immutable.
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

    /** The entry for a client; null: the client names no server. */
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
