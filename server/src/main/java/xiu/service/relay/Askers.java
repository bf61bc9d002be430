package xiu.service.relay;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many streams the players of one address may have sought at upstreams at a time. Confined to the relay
 * thread.
 */
final class Askers {
    /** Streams that may be sought at once because players of one address asked for them. */
    static final int MOST_SOUGHT = 512;

    private final Map<Object, Integer> sought = new HashMap<>();

    /** One more stream is sought for this address; null when there are too many. */
    @Nullable
    Sought begin(Object asker) {
        if (sought.getOrDefault(asker, 0) >= MOST_SOUGHT) {
            return null;
        }
        sought.merge(asker, 1, Integer::sum);
        return new Sought(asker);
    }

    /** A stream that is being sought for an address. */
    final class Sought {
        private final Object asker;
        private boolean over;

        private Sought(Object asker) {
            this.asker = asker;
        }

        Object asker() {
            return asker;
        }

        /** The stream is found, or given up. Later calls change nothing. */
        void end() {
            if (!over) {
                over = true;
                sought.computeIfPresent(asker, (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
            }
        }
    }

    /** Addresses for which streams are being sought. */
    int size() {
        return sought.size();
    }
}
