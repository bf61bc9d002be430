package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import xiu.bytes.LimitExceededException;
import xiu.bytes.MalformedDataException;

/**
 * Chunks to messages (RTMP 1.0 §5.3). The body of a message that came whole stays in the socket's buffer. Confined to
 * one thread; after a {@link MalformedDataException} it must only be closed.
 */
public final class ChunkDecoder {
    /** Gets the messages. */
    @FunctionalInterface
    public interface Output {
        /**
         * A message is complete.
         *
         * @param type message type id
         * @param timestamp low 32 bits of milliseconds
         * @param body consumed; may hold the socket's buffer, so it must be copied to be kept beyond this call
         */
        void onMessage(int type, int timestamp, int messageStreamId, ByteBuf body);
    }

    private enum State {
        BASIC_HEADER,
        MESSAGE_HEADER,
        EXTENDED_TIMESTAMP,
        REPEATED_TIMESTAMP,
        PAYLOAD
    }

    private static final int INITIAL_CHUNK_SIZE = 128;
    /** No message is longer, so a larger chunk size has the same effect. */
    private static final int LARGEST_MESSAGE = 0xFFFFFF;

    private static final int EXTENDED = 0xFFFFFF;
    private static final int EXTENDED_BYTES = 4;
    private static final int[] HEADER_BYTES = {11, 7, 3, 0};

    private final ChunkLimits limits;
    private final ByteBufAllocator allocator;
    private final UnfinishedMessages unfinished;
    private final Output output;
    private final IntObjectMap<ChunkStream> streams = new IntObjectHashMap<>();

    private final HeaderBytes header = new HeaderBytes();
    private State state = State.BASIC_HEADER;
    private int chunkSize = INITIAL_CHUNK_SIZE;
    private int format;
    private ChunkStream stream = new ChunkStream();
    private int chunkLeft;
    private boolean closed;

    /** A decoder whose messages share their memory with no other connection. */
    public ChunkDecoder(ChunkLimits limits, ByteBufAllocator allocator, Output output) {
        this(limits, allocator, limits.memory().join(() -> 0, () -> {}), output);
    }

    /** A decoder for one connection, at the end of its handshake. */
    ChunkDecoder(ChunkLimits limits, ByteBufAllocator allocator, MessageMemory.Share share, Output output) {
        this.limits = limits;
        this.allocator = allocator;
        this.unfinished = new UnfinishedMessages(share, limits);
        this.output = output;
    }

    /**
     * Decodes everything that is readable; calls the output for each message that becomes complete.
     *
     * @param in borrowed; read to its end
     */
    public void decode(ByteBuf in) {
        unfinished.beginRead();
        advance(in);
        unfinished.endRead();
    }

    private void advance(ByteBuf in) {
        boolean moved = true;
        while (moved && !closed) {
            moved = switch (state) {
                case BASIC_HEADER -> decodeBasicHeader(in);
                case MESSAGE_HEADER -> decodeMessageHeader(in);
                case EXTENDED_TIMESTAMP -> decodeExtendedTimestamp(in);
                case REPEATED_TIMESTAMP -> decodeRepeatedTimestamp(in);
                case PAYLOAD -> decodePayload(in);
            };
        }
    }

    /** The messages in progress. */
    UnfinishedMessages unfinished() {
        return unfinished;
    }

    /** The peer cuts its messages into chunks of this size from now on (§5.4.1). */
    public void chunkSize(int announced) {
        if (announced < 1) {
            throw MalformedDataException.of(
                    "chunk size", Integer.toUnsignedLong(announced), "1 to " + Integer.MAX_VALUE);
        }
        int effective = Math.min(announced, LARGEST_MESSAGE);
        if (effective > limits.chunkSize()) {
            throw LimitExceededException.of("rtmp_chunk_size", "chunk size", announced, limits.chunkSize());
        }
        chunkSize = effective;
    }

    /** The peer will not finish the message it has begun on this chunk stream (§5.4.2). */
    public void abort(int chunkStreamId) {
        ChunkStream aborted = streams.get(chunkStreamId);
        if (aborted != null) {
            unfinished.end(aborted);
            aborted.drop();
        }
    }

    /** Releases all messages in progress; nothing is decoded any more, even when called from the output. */
    public void close() {
        closed = true;
        unfinished.close();
        streams.values().forEach(ChunkStream::drop);
        streams.clear();
    }

    /**
     * §5.3.1.1: two bits of format, then the chunk stream id in one, two or three bytes.
     * <pre>
     * fmt(2) id(6)                  ids 2-63
     * fmt(2) 0     id-64(8)         ids 64-319
     * fmt(2) 1     id-64(16, little endian)   ids 64-65599
     * </pre>
     */
    private boolean decodeBasicHeader(ByteBuf in) {
        if (!header.fill(in, 1)) {
            return false;
        }
        int id = header.uint8(0) & 0x3F;
        if (id < 2) {
            if (!header.fill(in, 2 + id)) {
                return false;
            }
            id = 64 + header.uint8(1) + (id == 1 ? header.uint8(2) << 8 : 0);
        }
        format = header.uint8(0) >> 6;
        stream = stream(id);
        if (stream.open && format != 3) {
            throw MalformedDataException.of("chunk format inside a message", format, "3");
        }
        if (!stream.described && format > 1) {
            throw MalformedDataException.of("chunk format at the begin of a chunk stream", format, "0 or 1");
        }
        next(State.MESSAGE_HEADER);
        return true;
    }

    private ChunkStream stream(int id) {
        ChunkStream known = streams.get(id);
        if (known != null) {
            return known;
        }
        if (streams.size() >= limits.chunkStreams()) {
            throw LimitExceededException.of(
                    "rtmp_chunk_streams", "chunk streams", streams.size() + 1, limits.chunkStreams());
        }
        ChunkStream opened = new ChunkStream();
        streams.put(id, opened);
        return opened;
    }

    /**
     * §5.3.1.2: each format leaves out from the end what is as before.
     * <pre>
     * fmt 0  timestamp(24) length(24) type(8) message stream id(32, little endian)
     * fmt 1  delta(24)     length(24) type(8)
     * fmt 2  delta(24)
     * fmt 3
     * </pre>
     * Some encoders open a chunk stream with format 1: a difference from zero.
     */
    private boolean decodeMessageHeader(ByteBuf in) {
        if (!header.fill(in, HEADER_BYTES[format])) {
            return false;
        }
        if (format == 3) {
            if (stream.extended) {
                next(State.REPEATED_TIMESTAMP);
            } else {
                beginChunk();
            }
            return true;
        }
        if (format < 2) {
            describe(header.uint24(3), header.uint8(6));
        }
        if (format == 0) {
            stream.messageStreamId = Integer.reverseBytes(header.int32(7));
        }
        stream.field = header.uint24(0);
        stream.extended = stream.field == EXTENDED;
        if (stream.extended) {
            next(State.EXTENDED_TIMESTAMP);
        } else {
            beginChunk();
        }
        return true;
    }

    private void describe(int length, int type) {
        boolean media = MessageType.isMedia(type);
        int most = media ? limits.mediaBytes() : limits.commandBytes();
        if (length > most) {
            String limit = media ? "rtmp_media_bytes" : "rtmp_command_bytes";
            throw LimitExceededException.of(limit, "length of message type " + type, length, most);
        }
        stream.length = length;
        stream.type = type;
        stream.described = true;
    }

    private boolean decodeExtendedTimestamp(ByteBuf in) {
        if (!header.fill(in, EXTENDED_BYTES)) {
            return false;
        }
        stream.field = header.int32(0);
        beginChunk();
        return true;
    }

    /**
     * §5.3.1.3 repeats the extended timestamp in every chunk of format 3, and most peers do; some old ones do not, and
     * some repeat the message's time where the header had a difference. So four bytes that are neither value are
     * payload. The first byte that differs decides: a last chunk may have fewer than four to compare.
     */
    private boolean decodeRepeatedTimestamp(ByteBuf in) {
        while (header.held() < EXTENDED_BYTES && in.isReadable()) {
            byte next = in.getByte(in.readerIndex());
            if (!header.wouldBegin(next, stream.field) && !header.wouldBegin(next, time())) {
                ByteBuf payload = header.copy();
                beginChunk();
                advance(payload);
                return true;
            }
            header.fill(in, header.held() + 1);
        }
        if (header.held() < EXTENDED_BYTES) {
            return false;
        }
        beginChunk();
        return true;
    }

    /** The time of the message that this chunk begins or continues. */
    private int time() {
        if (stream.open) {
            return stream.timestamp;
        }
        return format == 0 ? stream.field : stream.timestamp + stream.field;
    }

    private void beginChunk() {
        int time = time();
        if (!stream.open) {
            stream.open = true;
            stream.timestamp = time;
            unfinished.begin(stream);
        }
        chunkLeft = Math.min(chunkSize, stream.missing());
        next(State.PAYLOAD);
    }

    private boolean decodePayload(ByteBuf in) {
        int count = Math.min(in.readableBytes(), chunkLeft);
        if (count > 0) {
            int before = stream.reserved();
            stream.append(in, count, allocator);
            unfinished.reserve(stream.reserved() - before);
            chunkLeft -= count;
        }
        if (chunkLeft > 0) {
            return false;
        }
        next(State.BASIC_HEADER);
        if (stream.missing() == 0) {
            ChunkStream complete = stream;
            unfinished.end(complete);
            output.onMessage(complete.type, complete.timestamp, complete.messageStreamId, complete.take());
        }
        return true;
    }

    private void next(State following) {
        state = following;
        header.clear();
    }
}
