package xiu.protocol.rtmp.login;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Challenges that wait for their answer. Each is random, valid for one answer and for half a minute. Their number is
 * bounded for each address and in all; when there are too many, the oldest of the address with the most is dropped. Any
 * thread.
 */
final class Challenges {
    static final int MOST = 4_096;
    static final int OF_ONE_ADDRESS = 64;

    private static final long LIFE = TimeUnit.SECONDS.toNanos(30);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LongSupplier clock;
    private final Map<String, Challenge> waiting = new HashMap<>();
    private final Map<Object, ArrayDeque<Challenge>> byAddress = new HashMap<>();

    /**
     * A challenge.
     *
     * @param id random, also an input of the answer
     * @param salt random
     * @param user who is to answer, as the client wrote it
     */
    record Challenge(String id, String salt, String user, Object address, long since) {}

    /** {@code clock}: ns from any beginning. */
    Challenges(LongSupplier clock) {
        this.clock = clock;
    }

    synchronized Challenge issue(String user, Object address) {
        Challenge issued = new Challenge(random(8), random(4), user, address, clock.getAsLong());
        ArrayDeque<Challenge> own = byAddress.computeIfAbsent(address, of -> new ArrayDeque<>());
        if (own.size() >= OF_ONE_ADDRESS) {
            forget(own.getFirst());
        } else if (waiting.size() >= MOST) {
            makeRoom();
        }
        waiting.put(issued.id(), issued);
        byAddress.computeIfAbsent(address, of -> new ArrayDeque<>()).add(issued);
        return issued;
    }

    /** Takes the challenge with this id, which can be answered only once; null when there is none, or it is too old. */
    synchronized @Nullable Challenge take(String id) {
        Challenge taken = waiting.get(id);
        if (taken == null) {
            return null;
        }
        forget(taken);
        return clock.getAsLong() - taken.since() > LIFE ? null : taken;
    }

    synchronized int size() {
        return waiting.size();
    }

    private void makeRoom() {
        long now = clock.getAsLong();
        ArrayDeque<Challenge> most = new ArrayDeque<>();
        for (ArrayDeque<Challenge> of : byAddress.values()) {
            if (of.size() > most.size()) {
                most = of;
            }
        }
        forget(most.getFirst());
        // Done rarely, and then for all that are too old.
        waiting.values().stream()
                .filter(old -> now - old.since() > LIFE)
                .toList()
                .forEach(this::forget);
    }

    private void forget(Challenge gone) {
        waiting.remove(gone.id());
        ArrayDeque<Challenge> of = byAddress.get(gone.address());
        if (of != null) {
            of.remove(gone);
            if (of.isEmpty()) {
                byAddress.remove(gone.address());
            }
        }
    }

    private static String random(int bytes) {
        byte[] drawn = new byte[bytes];
        RANDOM.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }
}
