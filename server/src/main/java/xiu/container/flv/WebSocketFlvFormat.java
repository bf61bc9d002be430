package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;
import xiu.media.MediaPacket;
import xiu.media.PacketFormat;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * The tags of {@link FlvTagFormat}, each in one binary WebSocket frame as a server sends it: final and unmasked
 * (RFC 6455 §5.2).
 */
public record WebSocketFlvFormat() implements PacketFormat {
    private static final FlvTagFormat TAGS = new FlvTagFormat();
    private static final int FINAL_BINARY = 0x82;
    private static final int MAX_FRAME_HEADER = 10;

    @Override
    public void begin(List<Track> tracks, ByteBuf out) {
        frame(FlvHeader.BYTES, out);
        FlvHeader.of(tracks).write(out);
        ByteBuf description = FlvBodies.description(tracks);
        if (description.isReadable()) {
            frame(description.readableBytes() + FlvTagFormat.TAG_BYTES, out);
            TAGS.description(description, out);
        }
    }

    @Override
    public void configuration(Track track, long dts, ByteBuf out) {
        ByteBuf body = FlvBodies.configuration(track);
        if (body.isReadable()) {
            frame(body.readableBytes() + FlvTagFormat.TAG_BYTES, out);
            TAGS.configuration(track, body, dts, out);
        }
    }

    @Override
    public Track announced(Track track, Set<TrackKind> kinds) {
        return OnMetaData.announced(track, kinds);
    }

    @Override
    public void packet(MediaPacket packet, ByteBuf out) {
        int headerBytes = FlvBodies.headerBytes(packet);
        if (headerBytes >= 0) {
            frame(headerBytes + packet.bytes().readableBytes() + FlvTagFormat.TAG_BYTES, out);
            FlvTag.write(packet, headerBytes, out);
        }
    }

    @Override
    public boolean carries(Track track) {
        return FlvBodies.carries(track);
    }

    @Override
    public boolean holdsPackets() {
        return true;
    }

    @Override
    public int trailer(MediaPacket packet) {
        return TAGS.trailer(packet);
    }

    @Override
    public int overhead(int bytes) {
        return TAGS.overhead(bytes) + MAX_FRAME_HEADER;
    }

    private static void frame(int payload, ByteBuf out) {
        out.writeByte(FINAL_BINARY);
        if (payload < 126) {
            out.writeByte(payload);
        } else if (payload <= 0xFFFF) {
            out.writeByte(126).writeShort(payload);
        } else {
            out.writeByte(127).writeLong(payload);
        }
    }
}
