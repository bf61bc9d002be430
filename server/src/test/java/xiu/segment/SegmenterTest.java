package xiu.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.check.MediaFeed.AAC;
import static xiu.check.MediaFeed.AAC_48;
import static xiu.check.MediaFeed.AVC;
import static xiu.check.MediaFeed.OTHER_AVC;
import static xiu.check.MediaFeed.picture;
import static xiu.check.MediaFeed.sound;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.check.MediaFeed;
import xiu.check.TsCheck;
import xiu.codec.OpaqueConfig;
import xiu.container.mpegts.TsMuxer;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.segment.window.SegmentCut;
import xiu.segment.window.SegmentWindow;

class SegmenterTest {
    /** Counts what it gives out, and does not slow every access down as the leak detector does. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

    private final List<Made> made = new ArrayList<>();
    private final TsCheck check = new TsCheck();
    private SegmentSettings settings = SegmenterRun.SETTINGS;
    private Segmenter segmenter = segmenter();
    private int epoch;
    private long sequence;
    private int largest;

    /** A segment that was cut, checked and released. */
    private record Made(TsCheck.Segment ts, long millis, boolean discontinuity, boolean independent, long wall) {
        @Override
        public String toString() {
            return millis
                    + (discontinuity ? " discontinuity" : "")
                    + (independent ? "" : " dependent")
                    + ts.streams().keySet();
        }
    }

    private Segmenter segmenter() {
        return new Segmenter("live/test", settings, SegmenterRun.parts(allocator), this::take);
    }

    private void use(SegmentSettings other) {
        segmenter.close();
        settings = other;
        segmenter = segmenter();
    }

    private SegmentSettings bounded(long segmentBytes) {
        return new SegmentSettings(settings.fragment(), settings.audioRatio(), segmentBytes, settings.window());
    }

    private void take(SegmentCut cut) {
        int size = cut.draft().size();
        largest = Math.max(largest, size);
        ByteBuf bytes = cut.draft().make();
        assertThat(bytes.readableBytes()).isEqualTo(size);
        TsCheck.Segment ts = check.segment(ByteBufUtil.getBytes(bytes), cut.discontinuity() || made.isEmpty());
        assertThat(TsCheck.independent(ts)).isEqualTo(cut.independent());
        made.add(new Made(ts, cut.duration() / 1000, cut.discontinuity(), cut.independent(), cut.wallMillis()));
        bytes.release();
    }

    @AfterEach
    void close() {
        segmenter.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void segmentsEndAtTheFirstKeyFrameAfterTheFragment() {
        video(AVC, 0, 10_001, 40, 1000);
        assertThat(made).extracting(Made::millis).containsExactly(2000L, 2000L, 2000L, 2000L, 2000L);
        assertThat(made).allMatch(Made::independent).noneMatch(Made::discontinuity);
        assertThat(segmenter.target()).isEqualTo(2);
    }

    @Test
    void aKeyFrameOneMillisecondEarlyStillEndsItsSegment() {
        for (int i = 0; i <= 600; i++) {
            long ms = i == 0 ? 1 : i * 1000L / 30;
            feed(picture(AVC, ms, ms + 66, i % 60 == 0, 100));
        }
        assertThat(made).hasSize(10).extracting(Made::millis).containsOnly(1999L, 2000L);
        assertThat(made).allMatch(Made::independent);
    }

    @ParameterizedTest
    @CsvSource({"1000, 2", "2000, 2", "3000, 3", "1300, 3", "4170, 5", "10000, 10", "500, 2"})
    void theFirstSegmentDecidesTheTargetAndNoLaterOneExceedsIt(int gop, int target) {
        video(AVC, 0, 60_000, 33, gop);
        segmenter.end();
        assertThat(segmenter.target()).isEqualTo(target);
        assertThat(made)
                .allSatisfy(m -> assertThat(Math.round(m.millis() / 1000.0)).isLessThanOrEqualTo(target));
        assertThat(made).allMatch(Made::independent);
        assertThat(made.stream().mapToLong(Made::millis).sum()).isBetween(59_900L, 60_100L);
    }

    @Test
    void irregularKeyFramesEndSegmentsBeforeTheTargetIsExceeded() {
        long[] keys = {0, 2000, 3300, 5300, 6000, 8000, 8400, 10_400, 11_900, 13_900, 15_900};
        int next = 0;
        for (long ms = 0; ms < 16_000; ms += 20) {
            boolean key = next < keys.length && ms >= keys[next];
            next += key ? 1 : 0;
            feed(picture(AVC, ms, ms, key, 100));
        }
        assertThat(segmenter.target()).isEqualTo(2);
        assertThat(made).allMatch(Made::independent).allMatch(m -> m.millis() < 2500);
    }

    @Test
    void aGroupOfPicturesLongerThanTheTargetIsCutInTheMiddle() {
        video(AVC, 0, 4000, 40, 2000);
        video(AVC, 4000, 24_000, 40, 20_000);
        segmenter.end();
        assertThat(made).allMatch(m -> m.millis() < 2500);
        assertThat(made.stream().filter(m -> !m.independent())).hasSizeGreaterThan(6);
        assertThat(made).noneMatch(Made::discontinuity);
        assertThat(made.stream().mapToLong(Made::millis).sum()).isEqualTo(24_000);
    }

    @Test
    void aStreamWithHardlyAnyKeyFramesStillHasSegments() {
        video(AVC, 0, 60_000, 40, 600_000);
        assertThat(segmenter.target()).isEqualTo(12);
        assertThat(made).hasSize(4).allMatch(m -> m.millis() > 11_500 && m.millis() < 12_500);
    }

    @Test
    void audioAloneIsCutByTime() {
        audio(AAC, 0, 20_500);
        assertThat(made).hasSize(10).allMatch(m -> m.millis() >= 2000 && m.millis() < 2050);
        assertThat(made).allSatisfy(m -> assertThat(m.ts().streams()).containsOnlyKeys(0x101));
        assertThat(segmenter.target()).isEqualTo(2);
    }

    @Test
    void audioAloneIsCutLaterByItsRatio() {
        use(new SegmentSettings(settings.fragment(), 2.1, settings.segmentBytes(), settings.window()));
        audio(AAC, 0, 20_500);
        assertThat(made).hasSize(4).allMatch(m -> m.millis() >= 4200 && m.millis() < 4250);
        assertThat(segmenter.target()).isEqualTo(5);
    }

    @Test
    void audioAndVideoShareASegment() {
        segmenter.announce(List.of(AVC, AAC));
        mixed(0, 10_000, 0);
        assertThat(made).extracting(Made::millis).containsExactly(2000L, 2000L, 2000L, 2000L);
        assertThat(made).allSatisfy(m -> {
            assertThat(m.ts().streams()).containsOnlyKeys(0x100, 0x101);
            assertThat(m.ts().pmtVersion()).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({"-500", "-100", "100", "400", "700"})
    void audioThatRunsAheadOrBehindChangesNothing(int lead) {
        segmenter.announce(List.of(AVC, AAC));
        mixed(1000, 21_000, lead);
        assertThat(made).hasSize(9).extracting(Made::millis).containsOnly(2000L);
        assertThat(made).allMatch(Made::independent).noneMatch(Made::discontinuity);
    }

    @Test
    void audioBeforeTheFirstKeyFrameOfAnnouncedVideoIsLeftOut() {
        segmenter.announce(List.of(AVC, AAC));
        audio(AAC, 0, 1500);
        video(AVC, 1500, 4000, 40, 2000);
        segmenter.end();
        assertThat(made.getFirst().ts().pes().getFirst().streamType()).isEqualTo(0x1B);
    }

    @Test
    void announcedVideoThatNeverComesDoesNotHoldAudioForEver() {
        segmenter.announce(List.of(AVC, AAC));
        audio(AAC, 0, 10_000);
        assertThat(made).hasSize(3).allSatisfy(m -> assertThat(m.ts().streams()).containsOnlyKeys(0x101));
    }

    @Test
    void videoOfAnUnknownCodecIsLeftOut() {
        Track av1 = MediaFeed.video(new OpaqueConfig("av01"));
        segmenter.announce(List.of(av1, AAC));
        feed(picture(av1, 0, 0, true, 100));
        audio(AAC, 0, 5000);
        assertThat(made).hasSize(2).allSatisfy(m -> assertThat(m.ts().streams()).containsOnlyKeys(0x101));
        assertThat(TsMuxer.carriesNone(List.of(av1))).isTrue();
    }

    @Test
    void aTrackThatAppearsLateComesWithADiscontinuityAtAKeyFrame() {
        video(AVC, 0, 3000, 40, 1000);
        mixed(3000, 9000, 0);
        segmenter.end();
        assertThat(made).filteredOn(Made::discontinuity).hasSize(1);
        assertThat(made).allMatch(Made::independent);
        assertThat(made.getFirst().ts().streams()).containsOnlyKeys(0x100);
        assertThat(made.getLast().ts().streams()).containsOnlyKeys(0x100, 0x101);
        assertThat(made.getLast().ts().pmtVersion()).isEqualTo(1);
    }

    @Test
    void audioThatComesInTheFirstSegmentNeedsNoDiscontinuity() {
        video(AVC, 0, 300, 40, 2000);
        for (long ms = 320; ms < 6000; ms += 40) {
            feed(picture(AVC, ms, ms, ms % 2000 == 0, 100));
            feed(sound(AAC, ms * 1000, 50));
        }
        assertThat(made).hasSize(2).noneMatch(Made::discontinuity);
        assertThat(made).allSatisfy(m -> assertThat(m.ts().streams()).containsOnlyKeys(0x100, 0x101));
    }

    @Test
    void aChangedVideoConfigurationBeginsANewSequence() {
        video(AVC, 0, 3000, 40, 2000);
        video(OTHER_AVC, 3000, 9001, 40, 2000);
        assertThat(made).extracting(Made::discontinuity).containsExactly(false, false, true, false, false);
        assertThat(made).extracting(Made::millis).containsExactly(2000L, 1000L, 2000L, 2000L, 2000L);
        assertThat(made.get(2).ts().video().getFirst().hex()).contains("6742c01f95b0");
    }

    @Test
    void aChangedAudioConfigurationBeginsANewSequence() {
        audio(AAC, 0, 3000);
        audio(AAC_48, 3000, 7100);
        assertThat(made).extracting(Made::discontinuity).containsExactly(false, false, true, false);
    }

    @Test
    void anotherEpochBeginsANewSequenceAtItsKeyFrame() {
        mixed(0, 3000, 0);
        epoch = 1;
        feed(picture(AVC, 3040, 3040, false, 100));
        mixed(4000, 9000, 0);
        segmenter.end();
        assertThat(made).filteredOn(Made::discontinuity).hasSize(1);
        assertThat(made).allMatch(Made::independent);
        assertThat(made.get(1).millis()).isBetween(980L, 1060L);
    }

    @Test
    void slideshowsHaveLongSegments() {
        video(AVC, 0, 60_000, 5000, 5000);
        assertThat(segmenter.target()).isEqualTo(5);
        assertThat(made).hasSize(11).allMatch(m -> m.millis() == 5000);
    }

    @Test
    void segmentsAreBoundedInBytes() {
        use(bounded(256 << 10));
        for (int i = 0; i < 100; i++) {
            feed(picture(AVC, i * 40L, i * 40L, i % 50 == 0, 20_000));
        }
        assertThat(made).hasSizeGreaterThan(6).noneMatch(Made::discontinuity);
        assertThat(SegmentWindow.LINES.count("limit_hls_segment_bytes")).isGreaterThanOrEqualTo(6);
        // What the last picture costs besides its bytes.
        assertThat(largest).isLessThan((256 << 10) + 1_500);
    }

    @Test
    void segmentsOfAudioAreBoundedInBytesAsWell() {
        use(bounded(64 << 10));
        for (int i = 0; i < 200; i++) {
            feed(sound(AAC, i * 23_220L, 4_000));
        }
        assertThat(made).hasSizeGreaterThan(11).noneMatch(Made::discontinuity);
        // What waits for its packets may be a tenth of a second.
        assertThat(largest).isLessThan((64 << 10) + 1_500);
    }

    /** Little that HLS carries between much that it does not: the memory of all of it is held. */
    @Test
    void segmentsAreBoundedAlsoInTheMemoryThatTheyHold() {
        use(bounded(64 << 10));
        for (int i = 0; i < 40; i++) {
            MediaPacket picture = picture(AVC, i * 40L, i * 40L, i == 0, 100);
            ByteBuf body = allocator.directBuffer(32 << 10).writeBytes(picture.bytes());
            picture.release();
            MediaPacket.Time time = new MediaPacket.Time(picture.dts(), picture.pts());
            feed(new MediaPacket(AVC, time, picture.keyFrame(), body, 5));
            assertThat(allocator.metric().usedDirectMemory()).isLessThan((4 * 64 + 2 * 32) << 10);
        }
        assertThat(made).hasSize(4).noneMatch(Made::discontinuity);
    }

    @Test
    void flappingTimestampsMakeNoMoreSegmentsThanKeyFrames() {
        for (int i = 0; i < 500; i++) {
            epoch = i;
            feed(picture(AVC, i * 40L, i * 40L, i % 50 == 0, 100));
        }
        assertThat(made).hasSize(10);
    }

    @Test
    void programDatesFollowTheMedia() {
        video(AVC, 0, 6001, 40, 2000);
        assertThat(made).extracting(Made::wall).containsExactly(1_000_000L, 1_002_000L, 1_004_000L);
    }

    @Test
    void malformedFramesAreCountedAndLeftOut() {
        video(AVC, 0, 1000, 40, 2000);
        MediaPacket wrong = picture(AVC, 1000, 1000, false, 100);
        wrong.bytes().setInt(5, 70_000);
        feed(wrong);
        video(AVC, 2000, 3000, 40, 2000);
        assertThat(segmenter.malformed()).isEqualTo(1);
        assertThat(made).hasSize(1);
    }

    @Test
    void aKeyFrameWithoutAPictureMakesNoSegmentIndependent() {
        video(AVC, 0, 4001, 40, 2000);
        MediaPacket bare = picture(AVC, 6000, 6000, true, 100);
        bare.bytes().setByte(9, 0x06);
        video(AVC, 4040, 6000, 40, 9000);
        feed(bare);
        for (long ms = 6040; ms < 8200; ms += 40) {
            feed(picture(AVC, ms, ms, ms == 8000, 100));
        }
        assertThat(made).extracting(Made::independent).containsExactly(true, true, true, false);
    }

    private void video(Track track, long from, long to, int step, int gop) {
        long nextKey = from;
        for (long ms = from; ms < to; ms += step) {
            boolean key = ms >= nextKey;
            nextKey += key ? gop : 0;
            feed(picture(track, ms, ms + 80, key, 100));
        }
    }

    private void audio(Track track, long fromMillis, long toMillis) {
        for (long us = fromMillis * 1000; us < toMillis * 1000; us += 23_220) {
            feed(sound(track, us, 50));
        }
    }

    /** 25 pictures a second with a key frame at every whole second, and audio. */
    private void mixed(long from, long to, int audioLead) {
        long us = from * 1000;
        for (long ms = from; ms < to; ms += 40) {
            feed(picture(AVC, ms, ms + 80, ms % 1000 == 0, 100));
            while (us < (ms + 40) * 1000) {
                feed(sound(AAC, us + audioLead * 1000L, 50));
                us += 23_220;
            }
        }
    }

    private void feed(MediaPacket packet) {
        MediaPacket placed = packet.placed(new MediaPacket.Position(sequence++, epoch), 0);
        segmenter.packet(placed);
        placed.release();
    }
}
