package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;
import xiu.container.flv.amf.AmfValue;

/** A message between RTMP peers (RTMP 1.0 §5.4, §6 and §7). Messages with a body own it. */
public sealed interface RtmpMessage {
    /** Chunks of the sender have this many bytes from now on. */
    record SetChunkSize(int bytes) implements RtmpMessage {}

    /** The sender will not finish the message on this chunk stream. */
    record Abort(int chunkStreamId) implements RtmpMessage {}

    /** The sender has received this many bytes, modulo 2^32. */
    record Acknowledgement(int received) implements RtmpMessage {}

    /** The sender wants an acknowledgement of every so many bytes. */
    record WindowSize(int bytes) implements RtmpMessage {}

    /**
     * The receiver is asked to let this many bytes be unacknowledged.
     *
     * @param limit 0 hard, 1 soft, 2 dynamic
     */
    record PeerBandwidth(int bytes, int limit) implements RtmpMessage {}

    /**
     * Something about a message stream, or a ping.
     *
     * @param value the message stream, or the time of a ping
     */
    record UserControl(int event, int value) implements RtmpMessage {
        public static final int STREAM_BEGIN = 0;
        public static final int STREAM_EOF = 1;
        public static final int STREAM_DRY = 2;
        /** Has a second value, the length in ms, which is not kept: a server's buffer is the log. */
        public static final int SET_BUFFER_LENGTH = 3;

        public static final int STREAM_IS_RECORDED = 4;
        public static final int PING_REQUEST = 6;
        public static final int PING_RESPONSE = 7;
    }

    /** A command with all its values, the name first. */
    record Command(int messageStreamId, List<AmfValue> values) implements RtmpMessage {
        public Command {
            values = List.copyOf(values);
        }
    }

    /** A message whose body is the body of an FLV tag, or contains FLV tags. */
    sealed interface Media extends RtmpMessage {
        int messageStreamId();

        /** The low 32 bits of milliseconds. */
        int timestamp();

        /** Owned by the message; may be a slice of what was read from the socket, and hold all of that. */
        ByteBuf body();

        /** The same message with a copy of its body, to be kept; consumes this one. */
        default Media kept() {
            ByteBuf copy = body().copy();
            body().release();
            return switch (this) {
                case Audio audio -> new Audio(audio.messageStreamId, audio.timestamp, copy);
                case Video video -> new Video(video.messageStreamId, video.timestamp, copy);
                case Data data -> new Data(data.messageStreamId, data.timestamp, copy);
                case Aggregate aggregate -> new Aggregate(aggregate.messageStreamId, aggregate.timestamp, copy);
            };
        }
    }

    /** An audio tag's body. */
    record Audio(int messageStreamId, int timestamp, ByteBuf body) implements Media {}

    /** A video tag's body. */
    record Video(int messageStreamId, int timestamp, ByteBuf body) implements Media {}

    /** A script tag's body in AMF0. */
    record Data(int messageStreamId, int timestamp, ByteBuf body) implements Media {}

    /** Several FLV tags in one message. */
    record Aggregate(int messageStreamId, int timestamp, ByteBuf body) implements Media {}

    /** A type that is not used here: shared objects, and types that are not in the specification. */
    record Ignored(int type) implements RtmpMessage {}
}
