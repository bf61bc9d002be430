package xiu.transport.receive;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;

/**
 * What was read, as an array, for parsers that look at every byte: from direct memory, by way of an NIO buffer, that costs
 * more than all else they do. One buffer per event loop; while somebody holds it, copies have their own.
 */
public final class SharedHeapCopy {
    /** Larger reads are rare: requests have some hundred bytes. */
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

    // As old as the event loop: not for the leak detector, which counts what lives as long as a message.
    private final ByteBuf heap = new UnpooledByteBufAllocator(false, true).heapBuffer(BYTES, BYTES);
    private final ByteBuf read = SharedReceiveBuffer.ofThisLoop();
    /** The same memory as {@link #read}: a buffer makes a new one of these for each copy. */
    private final ByteBuffer readMemory = read.nioBuffer(0, read.capacity());

    private SharedHeapCopy() {}

    /** The readable bytes of {@code bytes}, which it takes over, with an array; the result is the caller's to release. */
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
