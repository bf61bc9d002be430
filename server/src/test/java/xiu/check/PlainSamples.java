package xiu.check;

import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Time;
import xiu.media.PacketOutput;
import xiu.media.Track;
import xiu.media.TrackKind;

/** Makes of media that were published in FLV what a publisher of another protocol has: samples and configurations. */
public final class PlainSamples implements PacketOutput {
    private final PacketOutput out;
    private final Map<Track, Track> plain = new HashMap<>();

    public PlainSamples(PacketOutput out) {
        this.out = out;
    }

    @Override
    public void configure(Track track) {
        if (track.kind() != TrackKind.DATA && track.number() >= 0) {
            Track same = new Track(track.id(), track.kind(), track.config());
            plain.put(track, same);
            out.configure(same);
        }
    }

    @Override
    public void write(MediaPacket packet) {
        Track track = plain.get(packet.track());
        if (track == null || packet.isEmpty()) {
            packet.release();
            return;
        }
        // Of a buffer of its own, so that nothing of the tag header is left anywhere near.
        ByteBuf sample = packet.bytes().alloc().buffer(packet.sampleBytes()).writeBytes(packet.sample());
        out.write(new MediaPacket(track, new Time(packet.dts(), packet.pts()), packet.keyFrame(), sample));
        packet.release();
    }
}
