package xiu.transport.memory;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A buffer whose bytes are also those of a file in memory. Nobody changes them: what the kernel sends are these very
 * pages, also while they wait for an acknowledgement. The last hold, which may be a {@link FileRegion}'s, closes the file.
 */
final class FileBuffer extends UnpooledDirectByteBuf {
    private static final ResourceLeakDetector<FileBuffer> LEAKS =
            ResourceLeakDetectorFactory.instance().newResourceLeakDetector(FileBuffer.class);

    private final FileChannel file;
    private final MemorySegment mapped;
    private final Runnable onClosed;
    private final @Nullable ResourceLeakTracker<FileBuffer> leak;

    private FileBuffer(FileChannel file, MemorySegment mapped, Runnable onClosed) {
        super(UnpooledByteBufAllocator.DEFAULT, mapped.asByteBuffer(), (int) mapped.byteSize());
        this.file = file;
        this.mapped = mapped;
        this.onClosed = onClosed;
        this.leak = LEAKS.track(this);
    }

    /**
     * A file with the readable bytes of {@code bytes}, which is borrowed.
     *
     * @param onClosed runs when it is closed; not when this fails
     */
    static FileBuffer copyOf(ByteBuf bytes, Runnable onClosed) throws IOException {
        int descriptor = LinuxCalls.createFile();
        try {
            // Java has no other way from a descriptor to a channel. It is the same file with a descriptor of its own.
            FileChannel file = FileChannel.open(Path.of("/proc/self/fd/" + descriptor), READ, WRITE);
            try {
                write(bytes, file);
                return new FileBuffer(file, LinuxCalls.map(descriptor, bytes.readableBytes()), onClosed);
            } catch (IOException | RuntimeException | Error e) {
                file.close();
                throw e;
            }
        } finally {
            LinuxCalls.close(descriptor);
        }
    }

    /** Written and not put through the mapping: that would be a page fault for each page. */
    private static void write(ByteBuf bytes, FileChannel file) throws IOException {
        int length = bytes.readableBytes();
        int done = 0;
        while (done < length) {
            done += bytes.getBytes(bytes.readerIndex() + done, file, done, length - done);
        }
    }

    /** These bytes for a channel that sends files; holds the buffer until it is released. */
    FileRegion region(int from, int length) {
        retain();
        return new Region(this, from, length);
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        LinuxCalls.unmap(mapped);
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            onClosed.run();
            if (leak != null) {
                leak.close(this);
            }
        }
    }

    private static final class Region extends DefaultFileRegion {
        private final FileBuffer of;

        private Region(FileBuffer of, int from, int length) {
            super(of.file, from, length);
            this.of = of;
        }

        /** Not what the superclass does, which would close the file of all. */
        @Override
        protected void deallocate() {
            of.release();
        }
    }
}
