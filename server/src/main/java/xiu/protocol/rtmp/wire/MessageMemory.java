package xiu.protocol.rtmp.wire;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import xiu.bytes.LimitExceededException;

/**
 * Bounds the memory of the unfinished messages of all connections. Each connection is bounded by itself, but their sum
 * is not. When the memory is used up, connections are closed until an eighth of it is free. Not the one that needed the
 * last bytes is closed, which may be an honest publisher in the middle of a key frame: first go connections that do not
 * publish and hold much, or have held something for long; then those that hold the most for the longest. Publishers
 * that hold no more than a usual key frame stay. Any thread.
 */
public final class MessageMemory {
    /** Larger than a usual key frame, bytes. */
    private static final long KEY_FRAME = 256 << 10;
    /** The longest message of a connection that does not publish, a command, bytes. */
    private static final long COMMAND = 64 << 10;
    /** Time in which a command arrives even over a slow line, ns. */
    private static final long MOMENT = TimeUnit.SECONDS.toNanos(1);

    private static final int PARTS = 8;

    /** Written as a lambda: the comparators that Comparator makes cost ten milliseconds of each start. */
    private static final Comparator<Holder> FIRST_TO_LEAVE =
            (a, b) -> a.idle == b.idle ? Double.compare(b.weight, a.weight) : Boolean.compare(b.idle, a.idle);

    /** Written under the lock. */
    private volatile long most;

    private final Set<Share> shares = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    /** Bytes of connections that were chosen and have not closed yet. Written under the lock. */
    private volatile long leaving;
    /**
     * Above this, connections are chosen: the limit, or more when no connection could be chosen. Written under the
     * lock.
     */
    private volatile long bar;

    /** The values of a share when it was read; its owner goes on changing it. */
    private record Holder(Share share, long bytes, boolean idle, double weight) {}

    /** At most this many bytes, besides a usual key frame for each publisher. */
    public MessageMemory(long most) {
        this.most = most;
        this.bar = most;
    }

    /**
     * At most this many bytes from now on. When more are held, connections are closed as soon as one of them needs
     * more.
     */
    public synchronized void resize(long newMost) {
        most = newMost;
        bar = newMost;
    }

    /** Bytes that are held. */
    public long held() {
        return held.get();
    }

    /**
     * Adds a connection.
     *
     * @param clock of its event loop, ns
     * @param onRevoked called once, on any thread, when the connection must be closed
     */
    Share join(LongSupplier clock, Runnable onRevoked) {
        Share share = new Share(clock, onRevoked);
        shares.add(share);
        return share;
    }

    private void change(Share by, long more) {
        long sum = held.addAndGet(more);
        if (more > 0 && sum - leaving > bar) {
            relieve(by.now());
        } else if (bar > most && sum <= most) {
            bar = most;
        }
    }

    /**
     * Chooses connections to close until a part of the memory is free, or raises the bar by such a part, so that this
     * does not run for each byte.
     */
    private void relieve(long now) {
        List<Share> chosen = new ArrayList<>();
        synchronized (this) {
            long left = held.get() - leaving;
            if (left <= bar) {
                // Another thread has done it meanwhile.
                return;
            }
            long part = most / PARTS;
            for (Holder holder : holders(now)) {
                if (left <= most - part) {
                    break;
                }
                if (holder.share.choose(holder.bytes)) {
                    leaving += holder.bytes;
                    left -= holder.bytes;
                    chosen.add(holder.share);
                }
            }
            bar = Math.max(most, left + part);
        }
        chosen.forEach(share -> share.onRevoked.run());
    }

    private List<Holder> holders(long now) {
        List<Holder> holders = new ArrayList<>();
        for (Share share : shares) {
            long bytes = share.bytes;
            boolean publishes = share.publishes;
            if (bytes > (publishes ? KEY_FRAME : 0)) {
                long age = Math.max(0, now - share.since);
                boolean idle = !publishes && (bytes > COMMAND || age > MOMENT);
                holders.add(new Holder(share, bytes, idle, (double) bytes * (age + 1)));
            }
        }
        holders.sort(FIRST_TO_LEAVE);
        return holders;
    }

    /** What one connection holds. Confined to its event loop; others read its volatile fields. */
    final class Share {
        private final LongSupplier clock;
        private final Runnable onRevoked;
        private volatile long bytes;
        private volatile long since;
        private volatile boolean publishes;
        /** What it held when it was chosen. Guarded by the lock. */
        private long chosenBytes;

        private volatile boolean chosen;
        private boolean closed;

        private Share(LongSupplier clock, Runnable onRevoked) {
            this.clock = clock;
            this.onRevoked = onRevoked;
        }

        long now() {
            return clock.getAsLong();
        }

        /** Sets whether the connection feeds a stream. */
        void publishes(boolean feeds) {
            publishes = feeds;
        }

        /**
         * Sets what the connection holds.
         *
         * @param begun when the oldest of its unfinished messages began, ns
         * @throws LimitExceededException when the connection must be closed
         */
        void hold(long all, long begun) {
            if (closed) {
                return;
            }
            if (since != begun) {
                since = begun;
            }
            long more = all - bytes;
            if (more != 0) {
                bytes = all;
                change(this, more);
            }
            if (chosen) {
                throw refusal();
            }
        }

        /** Why the connection must be closed. */
        LimitExceededException refusal() {
            return LimitExceededException.of(
                    "rtmp_unfinished_bytes", "bytes of all unfinished messages", held.get(), most);
        }

        /** The connection is gone, and holds nothing. */
        void close() {
            if (closed) {
                return;
            }
            closed = true;
            shares.remove(this);
            long last = bytes;
            bytes = 0;
            synchronized (MessageMemory.this) {
                chosen = true;
                leaving -= chosenBytes;
                chosenBytes = 0;
            }
            change(this, -last);
        }

        /** Chooses it; false when it was chosen before. Under the lock. */
        private boolean choose(long asSeen) {
            if (chosen) {
                return false;
            }
            chosen = true;
            chosenBytes = asSeen;
            return true;
        }
    }
}
