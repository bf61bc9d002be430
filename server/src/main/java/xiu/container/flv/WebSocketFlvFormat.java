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
        TAGS.begin(tracks, out);
    }

    @Override
    public void configuration(Track track, long dts, ByteBuf out) {
        if (track.header().isReadable()) {
            frame(track.header().readableBytes() + FlvTagFormat.OVERHEAD, out);
            TAGS.configuration(track, dts, out);
        }
    }

    @Override
    public Track settled(Track track, Set<TrackKind> kinds) {
        return OnMetaData.settled(track, kinds);
    }

    @Override
    public void packet(MediaPacket packet, ByteBuf out) {
        frame(packet.body().readableBytes() + FlvTagFormat.OVERHEAD, out);
        TAGS.packet(packet, out);
    }

    @Override
    public int trailer(int bodyBytes) {
        return TAGS.trailer(bodyBytes);
    }

    @Override
    public int overhead(int bodyBytes) {
        return FlvTagFormat.OVERHEAD + MAX_FRAME_HEADER;
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
