package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;
import xiu.media.MediaPacket;
import xiu.media.PacketFormat;
import xiu.media.Track;
import xiu.media.TrackKind;

/** Packets as FLV tags, for HTTP-FLV: the body of the response is what a file would be. */
public record FlvTagFormat() implements PacketFormat {
    static final int OVERHEAD = FlvTag.BYTES + FlvTag.TRAILER_BYTES;

    @Override
    public void begin(List<Track> tracks, ByteBuf out) {
        FlvHeader.of(tracks).write(out);
    }

    @Override
    public void configuration(Track track, long dts, ByteBuf out) {
        if (track.header().isReadable()) {
            FlvTag.write(track.kind(), track.headerTime(dts), track.header(), out);
        }
    }

    @Override
    public Track settled(Track track, Set<TrackKind> kinds) {
        return OnMetaData.settled(track, kinds);
    }

    @Override
    public void packet(MediaPacket packet, ByteBuf out) {
        FlvTag.write(packet.track().kind(), packet.dts(), packet.body(), out);
    }

    @Override
    public int trailer(int bodyBytes) {
        return FlvTag.TRAILER_BYTES;
    }

    @Override
    public int overhead(int bodyBytes) {
        return OVERHEAD;
    }
}
