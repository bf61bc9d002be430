package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import xiu.bytes.MalformedDataException;
import xiu.protocol.rtmp.wire.RtmpMessage.Aggregate;
import xiu.protocol.rtmp.wire.RtmpMessage.Audio;
import xiu.protocol.rtmp.wire.RtmpMessage.Data;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.Video;

/** Splits aggregate messages (RTMP 1.0 §7.1.6): FLV tags in one body. */
public final class AggregateSplitter {
    private static final int TAG_HEADER = 11;
    private static final int BACK_POINTER = 4;

    private AggregateSplitter() {}

    /**
     * Hands over each tag as the message that it would have been alone. Times in the tags are relative to the first
     * one, which has the time of the aggregate.
     *
     * @param aggregate consumed; the parts share its memory
     * @param to consumes the parts
     */
    public static void split(Aggregate aggregate, Consumer<? super Media> to) {
        ByteBuf body = aggregate.body();
        try {
            int shift = 0;
            for (boolean first = true; body.readableBytes() >= TAG_HEADER; first = false) {
                int type = body.readUnsignedByte();
                int length = body.readUnsignedMedium();
                int timestamp = body.readUnsignedMedium() | body.readUnsignedByte() << 24;
                body.skipBytes(3);
                if (body.readableBytes() < length) {
                    throw MalformedDataException.of("aggregate tag", body.readableBytes() + " bytes", "" + length);
                }
                shift = first ? aggregate.timestamp() - timestamp : shift;
                ByteBuf part = body.readRetainedSlice(length);
                pass(type, timestamp + shift, aggregate.messageStreamId(), part, to);
                // Some encoders leave out the last back pointer.
                body.skipBytes(Math.min(BACK_POINTER, body.readableBytes()));
            }
        } finally {
            body.release();
        }
    }

    private static void pass(int type, int timestamp, int stream, ByteBuf part, Consumer<? super Media> to) {
        switch (type) {
            case MessageType.AUDIO -> to.accept(new Audio(stream, timestamp, part));
            case MessageType.VIDEO -> to.accept(new Video(stream, timestamp, part));
            case MessageType.DATA -> to.accept(new Data(stream, timestamp, part));
            default -> part.release();
        }
    }
}
