package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import java.util.List;
import xiu.media.MediaPacket;
import xiu.media.PacketWriter;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;

/**
 * A stream as one endless transport stream. Its tables are in the stream, wherever readers may begin, so a reader needs
 * nothing else first.
 */
public record TsFormat() implements WireFormat {
    @Override
    public PacketWriter open() {
        return new TsStreamWriter();
    }

    @Override
    public void begin(List<Track> tracks, ByteBuf out) {
        // The tables are in the stream.
    }

    @Override
    public void configuration(Track track, long dts, ByteBuf out) {
        // Key frames have the parameter sets in front, and each frame of AAC has its header.
    }

    @Override
    public boolean carries(TrackKind kind) {
        return kind != TrackKind.DATA;
    }

    @Override
    public boolean carries(Track track) {
        return (track.id() == Track.VIDEO_ID || track.id() == Track.AUDIO_ID) && TsMuxer.carries(track);
    }

    @Override
    public int trailer(MediaPacket packet) {
        return -1;
    }
}
