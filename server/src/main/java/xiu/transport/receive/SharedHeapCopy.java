package xiu.transport.receive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;

/**
 * Copies what was read into an array, for parsers that read every byte: reading each from direct memory, through an NIO
 * buffer, would cost more than all their other work. One buffer per event loop; while somebody holds it, copies get
 * their own.
 */
public final class SharedHeapCopy {
    /** Enough for usual requests, which have some hundred bytes. */
    private static final int BYTES = 4 << 10;

    private static final FastThreadLocal<SharedHeapCopy> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected SharedHeapCopy initialValue() {
            return new SharedHeapCopy();
        }

        @Override
        protected void onRemoval(SharedHeapCopy copy) {
            copy.heap.release();
        }
    };

    // Lives as long as the event loop, so the leak detector must not count it.
    private final ByteBuf heap = new UnpooledByteBufAllocator(false, true).heapBuffer(BYTES, BYTES);
    private final ByteBuf read = SharedReceiveBuffer.ofThisLoop();
    /** The same memory as {@link #read}; kept because a buffer would make a new one for each copy. */
    private final ByteBuffer readMemory = read.nioBuffer(0, read.capacity());

    private SharedHeapCopy() {}

    /** The readable bytes of {@code bytes}, which is consumed, in an array; the caller releases the result. */
    public static ByteBuf of(ByteBuf bytes) {
        if (bytes.hasArray()) {
            return bytes;
        }
        try {
            return OF_LOOP.get().copy(bytes);
        } finally {
            bytes.release();
        }
    }

    private ByteBuf copy(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length > BYTES || heap.refCnt() > 1) {
            return Unpooled.buffer(length).writeBytes(bytes);
        }
        if (bytes == read) {
            readMemory.get(bytes.readerIndex(), heap.array(), 0, length);
        } else {
            bytes.getBytes(bytes.readerIndex(), heap.array(), 0, length);
        }
        return heap.setIndex(0, length).retain();
    }
}
