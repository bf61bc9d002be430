package xiu.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.check.PlainSamples;
import xiu.container.flv.FlvDemuxer;
import xiu.container.flv.FlvReader;
import xiu.container.flv.Golden;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.Track;
import xiu.segment.window.SegmentCut;

/** Segments are made of samples and configurations: those of a publisher that has no FLV are the same. */
class SegmenterSamplesTest {
    /** One segmenter, fed by a demuxer. */
    private static final class Run implements PacketOutput {
        private final List<String> segments = new ArrayList<>();
        private final Segmenter segmenter = new Segmenter(
                "live/test", SegmenterRun.SETTINGS, SegmenterRun.parts(PooledByteBufAllocator.DEFAULT), this::take);
        private List<Track> tracks = List.of();
        private long sequence;

        private void take(SegmentCut cut) {
            ByteBuf bytes = cut.draft().make();
            segments.add(cut.duration() + " " + ByteBufUtil.hexDump(bytes));
            bytes.release();
        }

        @Override
        public void configure(Track track) {
            tracks = Track.replaced(tracks, track);
            segmenter.announce(tracks);
        }

        @Override
        public void write(MediaPacket packet) {
            MediaPacket placed = packet.placed(new MediaPacket.Position(sequence++, 0), 0);
            segmenter.packet(placed);
            placed.release();
        }

        private List<String> end() {
            segmenter.end();
            segmenter.close();
            return segments;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h264_aac", "hevc_mp3"})
    void segmentsOfSamplesAreThoseOfFlv(String clip) {
        Run published = new Run();
        new FlvReader(new FlvDemuxer(published)).read(Unpooled.wrappedBuffer(Golden.flv(clip)));
        Run plain = new Run();
        new FlvReader(new FlvDemuxer(new PlainSamples(plain))).read(Unpooled.wrappedBuffer(Golden.flv(clip)));
        assertThat(plain.end()).isNotEmpty().isEqualTo(published.end());
    }
}
