package xiu.container.flv;

import java.util.ArrayList;
import java.util.List;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.Track;

/** Keeps what a demuxer finds; the bodies in tests are on the heap and need no release. */
final class Recorder implements PacketOutput {
    final List<Track> tracks = new ArrayList<>();
    final List<MediaPacket> packets = new ArrayList<>();

    @Override
    public void configure(Track track) {
        tracks.add(track);
    }

    @Override
    public void write(MediaPacket packet) {
        packets.add(packet);
    }

    Track track() {
        return tracks.getLast();
    }

    MediaPacket packet() {
        return packets.getLast();
    }
}
