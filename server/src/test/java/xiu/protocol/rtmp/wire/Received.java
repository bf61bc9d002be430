package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A decoder that keeps what comes out, as text: type, time, message stream, body. */
final class Received implements AutoCloseable {
    static final ChunkLimits LIMITS = new ChunkLimits(1 << 20, 1 << 20, 64 << 10, 64);

    final List<String> messages = new ArrayList<>();
    final ChunkDecoder decoder;

    Received() {
        this(LIMITS);
    }

    Received(ChunkLimits limits) {
        this(limits, PooledByteBufAllocator.DEFAULT);
    }

    private Received(ChunkLimits limits, ByteBufAllocator allocator) {
        decoder = new ChunkDecoder(limits, allocator, this::onMessage);
    }

    private static final UnpooledByteBufAllocator UNTRACKED = new UnpooledByteBufAllocator(false, true);

    /** Without leak detection, which would make hundreds of thousands of feeds slow. */
    static Received untracked() {
        return new Received(LIMITS, UNTRACKED);
    }

    private void onMessage(int type, int timestamp, int messageStreamId, ByteBuf body) {
        byte[] bytes = ByteBufUtil.getBytes(body);
        body.release();
        messages.add(text(type, timestamp, messageStreamId, bytes));
        if (type == MessageType.SET_CHUNK_SIZE && bytes.length == 4) {
            decoder.chunkSize(Unpooled.wrappedBuffer(bytes).getInt(0));
        }
        if (type == MessageType.ABORT && bytes.length == 4) {
            decoder.abort(Unpooled.wrappedBuffer(bytes).getInt(0));
        }
    }

    static String text(int type, int timestamp, int messageStreamId, byte[] body) {
        return type + "@" + Integer.toUnsignedString(timestamp) + "/" + messageStreamId + " "
                + ByteBufUtil.hexDump(body);
    }

    Received feed(byte[] bytes) {
        ByteBuf in = UNTRACKED.heapBuffer(bytes.length).writeBytes(bytes);
        decoder.decode(in);
        in.release();
        return this;
    }

    Received feed(String hex) {
        return feed(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    @Override
    public void close() {
        decoder.close();
    }

    /** What comes out when {@code bytes} come in as pieces that end at these places. */
    static List<String> inPieces(byte[] bytes, int... ends) {
        try (Received received = untracked()) {
            int from = 0;
            for (int end : ends) {
                received.feed(Arrays.copyOfRange(bytes, from, end));
                from = end;
            }
            received.feed(Arrays.copyOfRange(bytes, from, bytes.length));
            return received.messages;
        }
    }
}
