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
 * The memory of the unfinished messages of all connections: each is bounded by itself, but their sum is not. When it is
 * used up, connections are closed until an eighth of it is free: not who asked last, who may be an honest publisher in
 * the middle of a key frame, but who does not publish and holds much or long; then who holds the most for the longest.
 * Publishers that hold no more than a usual key frame stay. Any thread.
 */
public final class MessageMemory {
    /** More than a usual key frame, bytes. */
    private static final long KEY_FRAME = 256 << 10;
    /** As long as a command may be, bytes: somebody who does not publish has nothing longer to say. */
    private static final long COMMAND = 64 << 10;
    /** In which a command arrives on a slow line, ns. */
    private static final long MOMENT = TimeUnit.SECONDS.toNanos(1);

    private static final int PARTS = 8;

    /** In full: the comparators of Comparator are made anew at each start, which takes it ten milliseconds. */
    private static final Comparator<Holder> FIRST_TO_LEAVE =
            (a, b) -> a.idle == b.idle ? Double.compare(b.weight, a.weight) : Boolean.compare(b.idle, a.idle);

    /** Written under the lock. */
    private volatile long most;

    private final Set<Share> shares = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    /** Of those that have been chosen and have not gone yet, bytes. Written under the lock. */
    private volatile long leaving;
    /** Above which somebody is to go: what there is, or more when nobody could be found. */
    private volatile long bar;

    /** A share as it was when it was read, while its owner goes on changing it. */
    private record Holder(Share share, long bytes, boolean idle, double weight) {}

    /** At most so many bytes, and a usual key frame for each publisher. */
    public MessageMemory(long most) {
        this.most = most;
        this.bar = most;
    }

    /** At most so many bytes from now on; when more are held, connections go as soon as one of them wants more. */
    public synchronized void resize(long newMost) {
        most = newMost;
        bar = newMost;
    }

    /** Bytes that are in use. */
    public long held() {
        return held.get();
    }

    /**
     * A connection comes.
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

    /** Each call frees a part of the whole, or raises the bar by as much, so that it is not called for each byte. */
    private void relieve(long now) {
        List<Share> chosen = new ArrayList<>();
        synchronized (this) {
            long left = held.get() - leaving;
            if (left <= bar) {
                // Another thread was here first.
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

    /** What one connection holds. Confined to its event loop, which others read. */
    final class Share {
        private final LongSupplier clock;
        private final Runnable onRevoked;
        private volatile long bytes;
        private volatile long since;
        private volatile boolean publishes;
        /** What it held when it was chosen. Under the lock. */
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

        /** Whether the connection feeds a stream. */
        void publishes(boolean feeds) {
            publishes = feeds;
        }

        /**
         * It holds so much from now on.
         *
         * @param begun when the oldest of its unfinished messages began, ns
         * @throws LimitExceededException when it is to go
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

        /** Why it is to go. */
        LimitExceededException refusal() {
            return LimitExceededException.of(
                    "rtmp_unfinished_bytes", "bytes of all unfinished messages", held.get(), most);
        }

        /** Gives everything back. */
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

        /** Under the lock; false when it has gone already. */
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
