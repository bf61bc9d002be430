package xiu.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.check.AvcUnits.IDR;
import static xiu.check.AvcUnits.NEWER_PPS;
import static xiu.check.AvcUnits.NEWER_SPS;
import static xiu.check.AvcUnits.PPS;
import static xiu.check.AvcUnits.RECOVERY;
import static xiu.check.AvcUnits.SLICE;
import static xiu.check.AvcUnits.SPS;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.check.TsCheck;
import xiu.media.Track;
import xiu.segment.SegmenterRun.Made;

/** What the pictures themselves say of their parameter sets and of places to begin, and how segments follow it. */
class SegmenterInBandTest {
    /** SPS 1, ue(v) 010, and PPS 1 that refers to it. */
    private static final String SECOND_SPS = "6742c01f55b0";

    private static final String SECOND_PPS = "684bc811";
    private static final String IDR_OF_THE_SECOND = "658840";

    private final SegmenterRun run = new SegmenterRun();

    @AfterEach
    void close() {
        run.close();
    }

    private void feed(long millis, boolean key, String... units) {
        feed(MediaFeed.AVC, millis, key, units);
    }

    private void feed(Track track, long millis, boolean key, String... units) {
        run.feed(MediaFeed.units(track, millis, key, units));
    }

    private void pictures(long from, long to, int gop, String idr) {
        for (long ms = from; ms < to; ms += 40) {
            feed(ms, ms % gop == 0, ms % gop == 0 ? idr : SLICE);
        }
    }

    @Test
    void anotherPictureSizeInAMessageOfItsOwnBeginsANewSequence() {
        pictures(0, 5_000, 1_000, IDR);
        feed(5_000, true, NEWER_SPS, NEWER_PPS);
        pictures(5_000, 10_000, 1_000, IDR);
        run.end();
        assertThat(run.made).extracting(Made::discontinuity).containsExactly(false, false, false, true, false, false);
        assertThat(run.made).allMatch(Made::independent);
        assertThat(run.made.get(2).ts().video().getFirst().hex()).contains(SPS);
        assertThat(run.made.subList(3, 6))
                .allSatisfy(m -> assertThat(m.ts().video().getFirst().hex())
                        .contains(NEWER_SPS, NEWER_PPS)
                        .doesNotContain(SPS));
        assertThat(run.pictures()).hasSize(250);
    }

    @Test
    void theSizeOfTheSetThatIsUsedDecides() {
        pictures(0, 4_000, 1_000, IDR);
        feed(4_000, true, SECOND_SPS, SECOND_PPS, IDR);
        pictures(4_040, 6_000, 1_000, IDR);
        pictures(6_000, 8_000, 1_000, IDR_OF_THE_SECOND);
        run.end();
        assertThat(run.made).extracting(Made::discontinuity).containsExactly(false, false, false, true);
    }

    @Test
    void anotherPictureParameterSetIsNoBreak() {
        pictures(0, 4_000, 1_000, IDR);
        feed(4_000, true, NEWER_PPS, IDR);
        pictures(4_040, 8_000, 1_000, IDR);
        run.end();
        assertThat(run.made).hasSize(4).noneMatch(Made::discontinuity);
        assertThat(run.made.getLast().ts().video().getFirst().hex()).contains(SPS, NEWER_PPS);
    }

    @Test
    void theSameSetsInEveryKeyFrameAreNoBreak() {
        for (long ms = 0; ms < 8_000; ms += 40) {
            if (ms % 1000 == 0) {
                feed(ms, true, SPS, PPS);
            }
            feed(ms, ms % 1000 == 0, ms % 1000 == 0 ? IDR : SLICE);
        }
        run.end();
        assertThat(run.made).hasSize(4).noneMatch(Made::discontinuity).allMatch(Made::independent);
        assertThat(run.pictures()).hasSize(200);
    }

    /** Intra refresh: one IDR picture, and then a recovery point every second, marked as any other frame. */
    @Test
    void segmentsBeginAtRecoveryPointsWithParameterSets() {
        for (long ms = 0; ms < 20_000; ms += 40) {
            if (ms % 1000 == 0 && ms > 0) {
                feed(ms, false, RECOVERY, SLICE);
            } else {
                feed(ms, ms == 0, ms == 0 ? IDR : SLICE);
            }
        }
        run.end();
        assertThat(run.target()).isEqualTo(2);
        assertThat(run.made).hasSize(10).allMatch(m -> m.millis() == 2000).noneMatch(Made::discontinuity);
        assertThat(run.made)
                .extracting(Made::independent)
                .startsWith(true, false)
                .filteredOn(i -> i)
                .hasSize(1);
        assertThat(run.made.subList(1, 10))
                .allSatisfy(m -> assertThat(
                                TsCheck.nalTypes(m.ts().video().getFirst().payload(), false))
                        .startsWith(9, 7, 8, 6));
    }

    @Test
    void aStreamThatIsSeenFromItsMiddleOnBeginsAtARecoveryPoint() {
        pictures(40, 2_000, 60_000, IDR);
        feed(2_000, false, RECOVERY, SLICE);
        pictures(2_040, 6_000, 60_000, IDR);
        run.end();
        assertThat(run.pictures()).hasSize(100);
    }

    /** The log has no key frame to begin with any more, nor a recovery point: any picture begins the segments. */
    @Test
    void aStreamThatIsSeenFromItsMiddleOnBeginsWithWhatStandsForAKeyFrame() {
        pictures(40, 1_000, 60_000, IDR);
        run.feed(MediaFeed.units(MediaFeed.AVC, 1_000, false, SLICE).asSubstitute());
        pictures(1_040, 3_000, 60_000, IDR);
        run.end();
        assertThat(run.pictures()).hasSize(50);
        assertThat(run.made.getFirst().independent()).isFalse();
    }

    @Test
    void picturesWithoutAKeyFrameInTheMiddleOfALongGroupBeginTheirSegmentWithParameterSets() {
        pictures(0, 30_000, 60_000, IDR);
        run.end();
        assertThat(run.made).hasSizeGreaterThan(2);
        for (Made made : run.made) {
            assertThat(TsCheck.nalTypes(made.ts().video().getFirst().payload(), false))
                    .startsWith(9, 7, 8);
            assertThat(TsCheck.nalTypes(made.ts().video().get(1).payload(), false))
                    .containsExactly(9, 1);
        }
    }

    @Test
    void anotherCodecWithItsOwnSetsBeginsANewSequence() {
        pictures(0, 2_000, 1_000, IDR);
        feed(MediaFeed.HEVC, 2_000, true, "2601af00");
        feed(MediaFeed.HEVC, 2_040, false, "0201d000");
        run.end();
        assertThat(run.made).extracting(Made::discontinuity).containsExactly(false, true);
        assertThat(run.made.getLast().ts().video()).hasSize(2);
        assertThat(List.copyOf(run.made.getLast().ts().streams().values())).containsExactly(0x24);
    }
}
