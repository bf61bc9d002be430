package xiu.transport.gate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The connections that have not finished their handshake, by remote address, so that the address with the most of them
 * is found at once. Every call takes constant time, however many connections and addresses there are. Not thread-safe:
 * guarded by its owner.
 *
 * @param <C> a connection; compared by identity
 */
public final class Handshakes<C> {
    private final Map<Object, Share> byAddress = new HashMap<>();
    /** At index n, the addresses that have n connections; those that reached that number first are first. */
    private final List<SequencedSet<Share>> byCount = new ArrayList<>();

    private int size;
    private int most;

    /** The connections of one address, the oldest first. Compared by identity. */
    private final class Share {
        private final Object address;
        private final SequencedSet<C> connections = new LinkedHashSet<>();

        private Share(Object address) {
            this.address = address;
        }
    }

    /** A connection begins its handshake; it is the youngest. */
    public void enter(Object address, C connection) {
        Share share = byAddress.computeIfAbsent(address, Share::new);
        int before = share.connections.size();
        if (share.connections.add(connection)) {
            size++;
            move(share, before);
        }
    }

    /** A connection has finished its handshake, or is gone; false when it had left before. */
    public boolean leave(Object address, C connection) {
        Share share = byAddress.get(address);
        if (share == null || !share.connections.remove(connection)) {
            return false;
        }
        size--;
        move(share, share.connections.size() + 1);
        if (share.connections.isEmpty()) {
            byAddress.remove(address);
        }
        return true;
    }

    /** Takes the oldest connection of this address out; null when it has none. */
    public @Nullable C removeOldestOf(Object address) {
        Share share = byAddress.get(address);
        return share == null ? null : removeOldest(share);
    }

    /** Takes the oldest connection of the address with the most connections out; null when there is none at all. */
    public @Nullable C removeOldestOfWorst() {
        return size == 0 ? null : removeOldest(byCount.get(most).getFirst());
    }

    private C removeOldest(Share share) {
        C oldest = share.connections.getFirst();
        leave(share.address, oldest);
        return oldest;
    }

    /** Moves a share to the list for its number of connections, which was {@code before}, one more or less. */
    private void move(Share share, int before) {
        int now = share.connections.size();
        while (byCount.size() <= now) {
            byCount.add(new LinkedHashSet<>());
        }
        if (before > 0) {
            byCount.get(before).remove(share);
        }
        if (now > 0) {
            byCount.get(now).add(share);
        }
        if (now > most) {
            most = now;
        } else if (before == most && byCount.get(before).isEmpty()) {
            // This share itself has one connection less now, so the highest number is exactly one less.
            most = now;
        }
    }

    /** Connections of all addresses. */
    public int size() {
        return size;
    }

    /** Connections of this address. */
    public int of(Object address) {
        Share share = byAddress.get(address);
        return share == null ? 0 : share.connections.size();
    }

    /** Addresses that have connections here. */
    public int addresses() {
        return byAddress.size();
    }
}
