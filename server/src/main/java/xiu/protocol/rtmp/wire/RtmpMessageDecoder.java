package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.amf.AmfLimits;
import xiu.container.flv.amf.AmfReader;
import xiu.protocol.rtmp.wire.RtmpMessage.Abort;
import xiu.protocol.rtmp.wire.RtmpMessage.Acknowledgement;
import xiu.protocol.rtmp.wire.RtmpMessage.Aggregate;
import xiu.protocol.rtmp.wire.RtmpMessage.Audio;
import xiu.protocol.rtmp.wire.RtmpMessage.Command;
import xiu.protocol.rtmp.wire.RtmpMessage.Data;
import xiu.protocol.rtmp.wire.RtmpMessage.Ignored;
import xiu.protocol.rtmp.wire.RtmpMessage.PeerBandwidth;
import xiu.protocol.rtmp.wire.RtmpMessage.SetChunkSize;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.protocol.rtmp.wire.RtmpMessage.Video;
import xiu.protocol.rtmp.wire.RtmpMessage.WindowSize;

/** Message bodies to messages; {@link RtmpMessageEncoder} is the other way. */
final class RtmpMessageDecoder {
    private static final int EVENT_BYTES = 2;
    private static final int INT_BYTES = 4;

    private RtmpMessageDecoder() {}

    /**
     * Reads one message.
     *
     * @param body consumed; a media message owns it afterwards
     */
    static RtmpMessage decode(int type, int timestamp, int messageStreamId, ByteBuf body, AmfLimits amf) {
        boolean kept = false;
        try {
            RtmpMessage message = switch (type) {
                case MessageType.SET_CHUNK_SIZE -> new SetChunkSize(int32(body, "Set Chunk Size"));
                case MessageType.ABORT -> new Abort(int32(body, "Abort Message"));
                case MessageType.ACKNOWLEDGEMENT -> new Acknowledgement(int32(body, "Acknowledgement"));
                case MessageType.USER_CONTROL -> userControl(body);
                case MessageType.WINDOW_SIZE -> new WindowSize(int32(body, "Window Acknowledgement Size"));
                case MessageType.PEER_BANDWIDTH -> peerBandwidth(body);
                case MessageType.AUDIO -> new Audio(messageStreamId, timestamp, body);
                case MessageType.VIDEO -> new Video(messageStreamId, timestamp, body);
                case MessageType.DATA -> new Data(messageStreamId, timestamp, body);
                case MessageType.DATA_AMF3 -> new Data(messageStreamId, timestamp, withoutMarker(body));
                case MessageType.AGGREGATE -> new Aggregate(messageStreamId, timestamp, body);
                case MessageType.COMMAND -> command(messageStreamId, body, amf);
                case MessageType.COMMAND_AMF3 -> command(messageStreamId, withoutMarker(body), amf);
                default -> new Ignored(type);
            };
            kept = message instanceof RtmpMessage.Media;
            return message;
        } finally {
            if (!kept) {
                body.release();
            }
        }
    }

    /** AMF3 messages begin with a byte 0 and continue in AMF0, with AMF3 values behind AMF0's switch marker. */
    private static ByteBuf withoutMarker(ByteBuf body) {
        if (body.isReadable() && body.getByte(body.readerIndex()) == 0) {
            body.skipBytes(1);
        }
        return body;
    }

    private static Command command(int messageStreamId, ByteBuf body, AmfLimits amf) {
        return new Command(messageStreamId, new AmfReader(body, amf).readAll());
    }

    private static UserControl userControl(ByteBuf body) {
        require(body, EVENT_BYTES, "User Control");
        int event = body.readUnsignedShort();
        // Events that are not in the specification may have no value.
        boolean valued = event <= UserControl.PING_RESPONSE || body.readableBytes() >= INT_BYTES;
        return new UserControl(event, valued ? int32(body, "User Control event " + event) : 0);
    }

    private static PeerBandwidth peerBandwidth(ByteBuf body) {
        int bytes = int32(body, "Set Peer Bandwidth");
        return new PeerBandwidth(bytes, body.isReadable() ? body.readUnsignedByte() : 0);
    }

    private static int int32(ByteBuf body, String what) {
        require(body, INT_BYTES, what);
        return body.readInt();
    }

    private static void require(ByteBuf body, int bytes, String what) {
        if (body.readableBytes() < bytes) {
            throw MalformedDataException.of(what, body.readableBytes() + " bytes", "at least " + bytes);
        }
    }
}
