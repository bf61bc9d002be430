package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.amf.AmfLimits;
import xiu.container.flv.amf.AmfReader;
import xiu.container.flv.amf.AmfWriter;
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

/** Message bodies to messages, and messages to chunks. */
final class RtmpMessageCodec {
    static final int SET_CHUNK_SIZE = 1;
    static final int ABORT = 2;
    static final int ACKNOWLEDGEMENT = 3;
    static final int USER_CONTROL = 4;
    static final int WINDOW_SIZE = 5;
    static final int PEER_BANDWIDTH = 6;
    static final int AUDIO = 8;
    static final int VIDEO = 9;
    static final int DATA_AMF3 = 15;
    static final int COMMAND_AMF3 = 17;
    static final int DATA = 18;
    static final int COMMAND = 20;
    static final int AGGREGATE = 22;

    private static final int EVENT_BYTES = 2;
    private static final int INT_BYTES = 4;

    private RtmpMessageCodec() {}

    /** Whether messages of this type carry media, and so may be long. */
    static boolean isMedia(int type) {
        return type == AUDIO || type == VIDEO || type == DATA || type == DATA_AMF3 || type == AGGREGATE;
    }

    /**
     * Reads one message.
     *
     * @param body consumed; a media message owns it afterwards
     */
    static RtmpMessage decode(int type, int timestamp, int messageStreamId, ByteBuf body, AmfLimits amf) {
        boolean kept = false;
        try {
            RtmpMessage message = switch (type) {
                case SET_CHUNK_SIZE -> new SetChunkSize(int32(body, "Set Chunk Size"));
                case ABORT -> new Abort(int32(body, "Abort Message"));
                case ACKNOWLEDGEMENT -> new Acknowledgement(int32(body, "Acknowledgement"));
                case USER_CONTROL -> userControl(body);
                case WINDOW_SIZE -> new WindowSize(int32(body, "Window Acknowledgement Size"));
                case PEER_BANDWIDTH -> peerBandwidth(body);
                case AUDIO -> new Audio(messageStreamId, timestamp, body);
                case VIDEO -> new Video(messageStreamId, timestamp, body);
                case DATA -> new Data(messageStreamId, timestamp, body);
                case DATA_AMF3 -> new Data(messageStreamId, timestamp, withoutMarker(body));
                case AGGREGATE -> new Aggregate(messageStreamId, timestamp, body);
                case COMMAND -> command(messageStreamId, body, amf);
                case COMMAND_AMF3 -> command(messageStreamId, withoutMarker(body), amf);
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

    /** Appends {@code message} as chunks; a media body is borrowed. */
    static void encode(RtmpMessage message, int chunkSize, ByteBuf out) {
        switch (message) {
            case SetChunkSize size -> control(SET_CHUNK_SIZE, size.bytes(), out);
            case Abort abort -> control(ABORT, abort.chunkStreamId(), out);
            case Acknowledgement acknowledgement -> control(ACKNOWLEDGEMENT, acknowledgement.received(), out);
            case WindowSize size -> control(WINDOW_SIZE, size.bytes(), out);
            case PeerBandwidth bandwidth ->
                control(
                        PEER_BANDWIDTH,
                        Unpooled.buffer().writeInt(bandwidth.bytes()).writeByte(bandwidth.limit()),
                        out);
            case UserControl control ->
                control(
                        USER_CONTROL,
                        Unpooled.buffer().writeShort(control.event()).writeInt(control.value()),
                        out);
            case Command command -> {
                ByteBuf body = Unpooled.buffer();
                AmfWriter writer = new AmfWriter(body);
                command.values().forEach(writer::value);
                ChunkEncoder.encode(
                        new ChunkEncoder.Header(ChunkEncoder.COMMAND, COMMAND, 0, command.messageStreamId()),
                        body,
                        chunkSize,
                        out);
            }
            case Audio audio -> media(ChunkEncoder.AUDIO, AUDIO, audio, chunkSize, out);
            case Video video -> media(ChunkEncoder.VIDEO, VIDEO, video, chunkSize, out);
            case Data data -> media(ChunkEncoder.DATA, DATA, data, chunkSize, out);
            case Aggregate aggregate -> media(ChunkEncoder.DATA, AGGREGATE, aggregate, chunkSize, out);
            case Ignored ignored -> throw new IllegalArgumentException("message type " + ignored.type());
        }
    }

    private static void media(int chunkStreamId, int type, RtmpMessage.Media media, int chunkSize, ByteBuf out) {
        ChunkEncoder.encode(
                new ChunkEncoder.Header(chunkStreamId, type, media.timestamp(), media.messageStreamId()),
                media.body(),
                chunkSize,
                out);
    }

    private static void control(int type, int value, ByteBuf out) {
        control(type, Unpooled.buffer(INT_BYTES).writeInt(value), out);
    }

    private static void control(int type, ByteBuf body, ByteBuf out) {
        // Smaller than the smallest chunk size.
        ChunkEncoder.encode(new ChunkEncoder.Header(ChunkEncoder.CONTROL, type, 0, 0), body, Integer.MAX_VALUE, out);
    }
}
