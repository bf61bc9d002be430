package xiu.transport.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.transport.trouble.RareLine;

/**
 * Copies of buffers that the kernel can send to any number of clients without copying them again: each is also a file
 * in memory ({@code memfd_create}), parts of which go out by {@code sendfile}. Where that is not possible, and beyond a
 * bound of open files, there are no such copies, and the buffers themselves do. Any thread.
 */
public final class SendableBuffers {
    private static final Logger LOG = LoggerFactory.getLogger(SendableBuffers.class);
    private static final SendableBuffers PROCESS = new SendableBuffers(DescriptorLimit::ofProcess);

    /** Smaller ones are not worth a call of the system more per reply. */
    static final int LEAST_BYTES = 32 * 1024;
    /** Files may take one descriptor of so many; the others are for connections. */
    private static final int SHARE = 8;
    /** Each is a mapping too, of which a process has some 65,000 (vm.max_map_count), and the JVM cannot do without. */
    private static final int MOST_FILES = 8_192;

    private final IntSupplier descriptors;
    private final AtomicReference<State> state = new AtomicReference<>(State.UNTRIED);
    private final AtomicInteger open = new AtomicInteger();
    private final RareLine failures = new RareLine(TimeUnit.MINUTES.toNanos(1));
    private final RareLine refusals = new RareLine(TimeUnit.MINUTES.toNanos(1));
    private volatile int most;

    private enum State {
        UNTRIED,
        TRYING,
        WORKING,
        MISSING
    }

    /** {@code descriptors}: how many the process may have; asked once. */
    SendableBuffers(IntSupplier descriptors) {
        this.descriptors = descriptors;
    }

    /** Those of this process, which share its descriptors. */
    public static SendableBuffers ofProcess() {
        return PROCESS;
    }

    /** How many files are open. */
    public int open() {
        return open.get();
    }

    /** Whether a copy of so many bytes would make a difference for a {@link FileSocket}. */
    public boolean isWorthwhile(int bytes) {
        return bytes >= LEAST_BYTES && state.get() != State.MISSING;
    }

    /**
     * A copy of the readable bytes, which are borrowed; the copy is the caller's. Null when there is none: then the
     * bytes are what is to be sent. The first call only begins to find out whether this machine can do it, on a thread of
     * its own, because that takes tens of milliseconds.
     */
    public @Nullable ByteBuf copy(ByteBuf bytes) {
        if (bytes.readableBytes() < LEAST_BYTES) {
            return null;
        }
        if (state.get() != State.WORKING) {
            prepare();
            return null;
        }
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            long times = refusals.happened(System.nanoTime());
            if (times > 0) {
                LOG.info("event=sendfile-bound times={} files={}", times, most);
            }
            return null;
        }
        try {
            return FileBuffer.copyOf(bytes, open::decrementAndGet);
        } catch (IOException e) {
            open.decrementAndGet();
            long times = failures.happened(System.nanoTime());
            if (times > 0) {
                LOG.info("event=sendfile-failed times={} cause=\"{}\"", times, e.getMessage());
            }
            return null;
        }
    }

    private void prepare() {
        if (state.compareAndSet(State.UNTRIED, State.TRYING)) {
            Thread.ofPlatform().daemon().name("xiu-sendfile").start(this::tryOut);
        }
    }

    private void tryOut() {
        State found = State.MISSING;
        try {
            most = Math.min(MOST_FILES, descriptors.getAsInt() / SHARE);
            tryOne();
            found = State.WORKING;
            LOG.debug("event=sendfile-works files={}", most);
        } catch (IOException | RuntimeException | LinkageError e) {
            // Another system, or one that forbids it: segments are sent as everywhere else.
            LOG.info("event=sendfile-missing cause=\"{}\"", e.toString());
        } finally {
            state.set(found);
        }
    }

    private static void tryOne() throws IOException {
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4});
        ByteBuf copy = FileBuffer.copyOf(bytes, () -> {});
        try {
            if (!ByteBufUtil.equals(bytes, copy)) {
                throw new IOException("the file is not the memory (expected: the same bytes)");
            }
        } finally {
            copy.release();
        }
    }
}
