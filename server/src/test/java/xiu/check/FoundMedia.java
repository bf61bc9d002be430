package xiu.check;

import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import xiu.codec.CodecConfig;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.Track;
import xiu.media.TrackKind;

/** Keeps what a demuxer finds, as values to compare; frames without a sample and data are passed over. */
public final class FoundMedia implements PacketOutput {
    /** The newest configuration of each track. */
    public final Map<Integer, CodecConfig> configs = new TreeMap<>();

    /** The frames in their order. */
    public final List<Frame> frames = new ArrayList<>();

    /** What a decoder gets; times in µs. */
    public record Frame(int track, CodecConfig config, long dts, long pts, boolean key, String sample) {
        @Override
        public String toString() {
            return "%n%d %s %d %d%s %.20s, %d bytes"
                    .formatted(track, config.codecName(), dts, pts, key ? " key" : "", sample, sample.length() / 2);
        }
    }

    @Override
    public void configure(Track track) {
        if (track.kind() != TrackKind.DATA && track.number() >= 0) {
            configs.put(track.id(), track.config());
        }
    }

    @Override
    public void write(MediaPacket packet) {
        Track track = packet.track();
        if (track.kind() != TrackKind.DATA && track.number() >= 0 && !packet.isEmpty()) {
            frames.add(new Frame(
                    track.id(),
                    track.config(),
                    packet.dts(),
                    packet.pts(),
                    packet.keyFrame(),
                    ByteBufUtil.hexDump(packet.sample())));
        }
        packet.release();
    }

    /** The frames from the first key frame of video on; all when there is no video. */
    public List<Frame> fromTheFirstKeyFrame() {
        return frames.stream().dropWhile(frame -> !frame.key && hasVideo()).toList();
    }

    /** The frames from the newest key frame of video on; all when there is no video. */
    public List<Frame> fromTheNewestKeyFrame() {
        int newest = 0;
        for (int i = 0; i < frames.size(); i++) {
            newest = frames.get(i).key ? i : newest;
        }
        return frames.subList(newest, frames.size());
    }

    private boolean hasVideo() {
        return frames.stream().anyMatch(Frame::key);
    }
}
