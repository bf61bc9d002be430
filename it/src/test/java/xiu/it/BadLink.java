package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A link of poor quality between a client and a port of this machine, in user space: what goes through it, either way,
 * is held to a rate, delayed, and held up where a segment was lost. It carries what TCP would make of such a link, so it
 * needs no rights and no module of the kernel. Everything happens on its own thread.
 */
final class BadLink implements AutoCloseable {
    private static final int SEGMENT = 1460;
    private static final int BUFFER = 16 << 10;
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(2);

    /** What a lost segment and all behind it wait for at least: the least retransmission timeout of Linux, ns. */
    private static final long RETRANSMISSION = TimeUnit.MILLISECONDS.toNanos(200);

    /**
     * How bad it is.
     *
     * @param bytesPerSecond the most that goes through in one direction
     * @param delay of one direction
     * @param loss how many of a hundred segments are lost at first
     */
    record Quality(long bytesPerSecond, Duration delay, int loss) {
        static Quality ofRate(long bytesPerSecond) {
            return new Quality(bytesPerSecond, Duration.ZERO, 0);
        }

        /** As good as none at all. */
        static Quality perfect() {
            return ofRate(1L << 30);
        }
    }

    private record Segment(ByteBuffer bytes, long due) {}

    private final Quality quality;
    private final int target;
    private final ServerSocketChannel listener;
    private final List<Direction> directions = new ArrayList<>();
    private final Random random = new Random(5);
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean held;
    private volatile int lost;

    private BadLink(int target, Quality quality) {
        this.target = target;
        this.quality = quality;
        try {
            listener = ServerSocketChannel.open();
            listener.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.scheduleAtFixedRate(this::tick, 0, TICK, TimeUnit.NANOSECONDS);
    }

    /** A link to a port of this machine. */
    static BadLink to(int port, Quality quality) {
        return new BadLink(port, quality);
    }

    /** Where its near end listens. */
    int port() {
        return listener.socket().getLocalPort();
    }

    /** While held, clients take nothing from it. */
    void hold(boolean isHeld) {
        held = isHeld;
    }

    /** How many segments were lost at first. */
    int lost() {
        return lost;
    }

    private void tick() {
        try {
            for (SocketChannel client = listener.accept(); client != null; client = listener.accept()) {
                connect(client);
            }
        } catch (IOException e) {
            // The client has gone again, or the far end is not there: the client's connection tells.
        }
        long now = System.nanoTime();
        directions.removeIf(direction -> !direction.move(now));
    }

    private void connect(SocketChannel client) throws IOException {
        SocketChannel server = SocketChannel.open();
        try {
            // Little room, so that a sender feels the rate as it would feel that of a narrow link.
            server.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            server.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.configureBlocking(false);
            server.configureBlocking(false);
        } catch (IOException e) {
            client.close();
            server.close();
            throw e;
        }
        directions.add(new Direction(client, server, false));
        directions.add(new Direction(server, client, true));
    }

    /** What goes one way through one connection. */
    private final class Direction {
        private final SocketChannel from;
        private final SocketChannel to;
        private final boolean down;
        private final ArrayDeque<Segment> underWay = new ArrayDeque<>();
        private final long window;
        private long bytesUnderWay;
        private double credit;
        private long movedAt = System.nanoTime();
        private long lastDue;
        private boolean ended;

        Direction(SocketChannel from, SocketChannel to, boolean down) {
            this.from = from;
            this.to = to;
            this.down = down;
            // What fills the link, and a little more.
            this.window = BUFFER + quality.bytesPerSecond * 2 * quality.delay.toMillis() / 1000;
        }

        /** Moves what is due at {@code now}; false when nothing will ever come any more. */
        boolean move(long now) {
            try {
                credit = Math.min(
                        quality.bytesPerSecond / 20.0 + SEGMENT,
                        credit + quality.bytesPerSecond * 1e-9 * (now - movedAt));
                movedAt = now;
                while (!ended && !(down && held) && credit >= SEGMENT && bytesUnderWay < window && take(now)) {}
                deliver(now);
                if (ended && underWay.isEmpty()) {
                    to.shutdownOutput();
                    return false;
                }
                return true;
            } catch (IOException e) {
                close();
                return false;
            }
        }

        private boolean take(long now) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(SEGMENT);
            int count = from.read(bytes);
            if (count <= 0) {
                ended = count < 0;
                return false;
            }
            credit -= count;
            bytesUnderWay += count;
            long late = quality.delay.toNanos();
            if (random.nextInt(100) < quality.loss) {
                lost++;
                late += 2 * late + RETRANSMISSION;
            }
            lastDue = Math.max(lastDue, now + late);
            underWay.add(new Segment(bytes.flip(), lastDue));
            return true;
        }

        private void deliver(long now) throws IOException {
            while (!underWay.isEmpty() && underWay.getFirst().due <= now) {
                ByteBuffer bytes = underWay.getFirst().bytes;
                bytesUnderWay -= to.write(bytes);
                if (bytes.hasRemaining()) {
                    return;
                }
                underWay.removeFirst();
            }
        }

        private void close() {
            try {
                from.close();
                to.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        if (thread.isShutdown()) {
            return;
        }
        thread.execute(() -> directions.forEach(Direction::close));
        thread.shutdown();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
            listener.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
