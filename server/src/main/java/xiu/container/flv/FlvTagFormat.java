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
    /** Size of what surrounds the body of a tag. */
    static final int TAG_BYTES = FlvTag.BYTES + FlvTag.TRAILER_BYTES;

    @Override
    public void begin(List<Track> tracks, ByteBuf out) {
        FlvHeader.of(tracks).write(out);
        description(FlvBodies.description(tracks), out);
    }

    @Override
    public void configuration(Track track, long dts, ByteBuf out) {
        configuration(track, FlvBodies.configuration(track), dts, out);
    }

    /** {@code body}: the one of {@link FlvBodies#configuration}. */
    void configuration(Track track, ByteBuf body, long dts, ByteBuf out) {
        if (body.isReadable()) {
            FlvTag.write(track.kind(), track.headerTime(dts), body, out);
        }
    }

    /** {@code body}: the one of {@link FlvBodies#description}. */
    void description(ByteBuf body, ByteBuf out) {
        if (body.isReadable()) {
            FlvTag.write(TrackKind.DATA, 0, body, out);
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
        return FlvBodies.headerBytes(packet) < 0 ? -1 : FlvTag.TRAILER_BYTES;
    }

    @Override
    public int overhead(int bytes) {
        return TAG_BYTES + FlvBodies.MOST_HEADER_BYTES;
    }
}
