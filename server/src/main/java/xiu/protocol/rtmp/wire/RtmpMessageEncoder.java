package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

/** Messages to chunks. */
final class RtmpMessageEncoder {
    private static final int INT_BYTES = 4;

    private RtmpMessageEncoder() {}

    /** Appends {@code message} as chunks; a media body is borrowed. */
    static void encode(RtmpMessage message, int chunkSize, ByteBuf out) {
        switch (message) {
            case SetChunkSize size -> control(MessageType.SET_CHUNK_SIZE, size.bytes(), out);
            case Abort abort -> control(MessageType.ABORT, abort.chunkStreamId(), out);
            case Acknowledgement acknowledgement ->
                control(MessageType.ACKNOWLEDGEMENT, acknowledgement.received(), out);
            case WindowSize size -> control(MessageType.WINDOW_SIZE, size.bytes(), out);
            case PeerBandwidth bandwidth ->
                control(
                        MessageType.PEER_BANDWIDTH,
                        Unpooled.buffer().writeInt(bandwidth.bytes()).writeByte(bandwidth.limit()),
                        out);
            case UserControl control ->
                control(
                        MessageType.USER_CONTROL,
                        Unpooled.buffer().writeShort(control.event()).writeInt(control.value()),
                        out);
            case Command command -> {
                ByteBuf body = Unpooled.buffer();
                AmfWriter writer = new AmfWriter(body);
                command.values().forEach(writer::value);
                ChunkEncoder.encode(
                        new ChunkEncoder.Header(
                                ChunkEncoder.COMMAND, MessageType.COMMAND, 0, command.messageStreamId()),
                        body,
                        chunkSize,
                        out);
            }
            case Audio audio -> media(ChunkEncoder.AUDIO, MessageType.AUDIO, audio, chunkSize, out);
            case Video video -> media(ChunkEncoder.VIDEO, MessageType.VIDEO, video, chunkSize, out);
            case Data data -> media(ChunkEncoder.DATA, MessageType.DATA, data, chunkSize, out);
            case Aggregate aggregate -> media(ChunkEncoder.DATA, MessageType.AGGREGATE, aggregate, chunkSize, out);
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
