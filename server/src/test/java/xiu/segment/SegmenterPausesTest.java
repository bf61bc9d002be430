package xiu.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.check.MediaFeed.AAC;
import static xiu.check.MediaFeed.AAC_48;
import static xiu.check.MediaFeed.AVC;
import static xiu.check.MediaFeed.OTHER_AVC;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.check.TsCheck;
import xiu.segment.SegmenterRun.Made;

/** Tracks that pause, begin late or come rarely: nothing that a decoder can use is left out, and no pause is a break. */
class SegmenterPausesTest {
    private final SegmenterRun run = new SegmenterRun();

    @AfterEach
    void close() {
        run.close();
    }

    private void assertAllIsThere() {
        run.end();
        assertThat(run.pictures()).as("pictures").hasSize(run.picturesFed());
        assertThat(run.sounds()).as("sounds").isEqualTo(run.soundsFed());
        assertThat(run.made).allMatch(m -> Math.round(m.millis() / 1000.0) <= run.target());
    }

    /** Screen sharing: key frames are counted in frames, so the next one is half a minute away when little moves. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 10, 100})
    void picturesThatComeAgainAfterAPauseAreThereAtOnce(int pause) {
        run.announce(AVC, AAC);
        run.both(0, 10_000, 40, 2000);
        long again = 10_000 + pause * 1000L;
        run.sound(AAC, 10_000, again);
        for (long ms = again; ms < again + 10_000; ms += 500) {
            run.picture(AVC, ms, false);
            run.sound(AAC, ms, ms + 500);
        }
        assertAllIsThere();
        assertThat(run.made).noneMatch(Made::discontinuity);
        assertThat(run.made.stream().mapToLong(Made::millis).sum()).isBetween(again + 9_400, again + 10_600);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 10, 100})
    void soundThatComesAgainAfterAPauseIsThereAtOnce(int pause) {
        run.announce(AVC, AAC);
        run.both(0, 3_000, 40, 2000);
        long again = 3_000 + pause * 1000L;
        for (long ms = 3_000; ms < again; ms += 40) {
            run.picture(AVC, ms, ms == 4_000);
        }
        run.both(again, again + 5_000, 40, 600_000);
        assertAllIsThere();
        assertThat(run.made).noneMatch(Made::discontinuity);
    }

    /** All of it stops and comes again: the publisher's true time has gone on, and no decoder has to begin anew. */
    @ParameterizedTest
    @CsvSource({"4, true", "30, true", "4, false", "30, false"})
    void aPauseOfEverythingLeavesNothingOutAndMakesNoLongSegment(int pause, boolean withSound) {
        run.announce(AVC, AAC);
        long again = 5_000 + pause * 1000L;
        for (long from : new long[] {0, again}) {
            for (long ms = from; ms < from + 5_000; ms += 40) {
                run.picture(AVC, ms, from == 0 && ms % 1000 == 0);
                run.sound(AAC, ms, withSound ? ms + 40 : ms);
            }
        }
        assertAllIsThere();
        assertThat(run.made).noneMatch(Made::discontinuity).allMatch(m -> m.millis() < 2500);
        assertThat(run.made).extracting(Made::wall).contains(again);
    }

    /** A screen that stands still: its newest picture is seen before the next one comes, and that one needs no key frame. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatCameBeforeAPauseIsThereBeforeItsEnd(boolean withSound) {
        run.announce(AVC, AAC);
        for (long from : new long[] {0, 13_000}) {
            for (long ms = from; ms < from + 3_000; ms += 40) {
                run.picture(AVC, ms, ms == 0 || ms == 2_000);
                run.sound(AAC, ms, withSound ? ms + 40 : ms);
            }
            run.rest();
            run.rest();
            assertThat(run.pictures()).hasSize(run.picturesFed());
            assertThat(run.sounds()).isEqualTo(run.soundsFed());
        }
        assertAllIsThere();
        assertThat(run.made).noneMatch(Made::discontinuity).allMatch(m -> m.millis() < 2500);
        assertThat(run.made).extracting(Made::wall).contains(13_000L);
    }

    @Test
    void aPauseBeforeTheTargetIsKnownSettlesIt() {
        run.picture(AVC, 0, true);
        run.rest();
        assertThat(run.made).extracting(Made::target).containsExactly(2);
        run.breakTimeline();
        run.rest();
        run.picture(AVC, 9_000, false);
        run.picture(AVC, 9_040, true);
        run.end();
        assertThat(run.pictures()).hasSize(2);
    }

    @Test
    void soundAloneThatPausesGoesOn() {
        run.sound(AAC, 0, 5_000);
        run.sound(AAC, 60_000, 65_000);
        assertAllIsThere();
        assertThat(run.made).noneMatch(Made::discontinuity).allMatch(m -> m.millis() < 2500);
    }

    @Test
    void stalledVideoDoesNotStopTheSegments() {
        run.announce(AVC, AAC);
        run.both(0, 5_000, 40, 1000);
        run.sound(AAC, 5_000, 20_000);
        run.both(20_000, 25_000, 40, 1000);
        assertAllIsThere();
        assertThat(run.made).noneMatch(Made::discontinuity).allMatch(m -> m.millis() < 2500);
        assertThat(run.made).extracting(m -> m.ts().streams().keySet()).containsOnly(Set.of(0x100, 0x101));
    }

    /** What a pause says of the distance of key frames must not shorten the segments for ever. */
    @Test
    void segmentsHaveTheirLengthAgainAfterAPause() {
        run.announce(AVC, AAC);
        run.both(0, 10_000, 40, 1000);
        run.both(20_000, 40_000, 500, 60_000);
        run.both(40_000, 60_000, 40, 1000);
        run.end();
        List<Made> last = run.made.subList(run.made.size() - 8, run.made.size() - 1);
        assertThat(last).allMatch(m -> m.millis() == 2000).allMatch(Made::independent);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 900, 2_000, 2_900, 5_000, 20_000})
    void slowCamerasLoseNothing(int step) {
        run.announce(AVC, AAC);
        run.both(0, 4_000, 40, 2000);
        run.both(4_000, 100_000, step, 600_000);
        assertAllIsThere();
        assertThat(run.made).noneMatch(Made::discontinuity);
    }

    /** A track that was not there may come only with a discontinuity, which is where a segment begins in any case. */
    @ParameterizedTest
    @ValueSource(ints = {2_000, 60_000})
    void soundThatBeginsLateComesWithTheNextSegment(int gop) {
        for (long ms = 0; ms < 5_000; ms += 40) {
            run.picture(AVC, ms, ms % 2000 == 0);
        }
        run.both(5_000, 20_000, 40, gop);
        run.end();
        assertThat(run.pictures()).hasSize(run.picturesFed());
        assertThat(run.made).filteredOn(Made::discontinuity).hasSize(1);
        assertThat(run.soundsFed() - run.sounds()).isLessThan((int) (2_500 / 23.22));
        assertThat(run.made.getLast().ts().streams()).containsOnlyKeys(0x100, 0x101);
    }

    @Test
    void picturesThatBeginLateComeAtTheirKeyFrame() {
        run.sound(AAC, 0, 10_000);
        run.both(10_000, 15_000, 40, 2000);
        assertAllIsThere();
        assertThat(run.made).filteredOn(Made::discontinuity).hasSize(1);
    }

    @Test
    void anotherSoundWhilePicturesPauseDoesNotKeepThemAway() {
        run.announce(AVC, AAC);
        run.both(0, 5_000, 40, 1000);
        run.sound(AAC_48, 9_000, 15_000);
        for (long ms = 15_000; ms < 20_000; ms += 40) {
            run.picture(AVC, ms, false);
            run.sound(AAC_48, ms, ms + 40);
        }
        run.end();
        assertThat(run.pictures()).hasSize(run.picturesFed());
        assertThat(run.made.getLast().ts().streams()).containsOnlyKeys(0x100, 0x101);
    }

    @Test
    void timesThatStandStillAndThenGoOnLoseNothing() {
        run.announce(AVC, AAC);
        run.both(0, 3_000, 40, 1000);
        for (int i = 0; i < 25; i++) {
            run.picture(AVC, 2_960, false);
        }
        run.both(4_000, 8_000, 40, 600_000);
        assertAllIsThere();
        assertThat(run.made).noneMatch(Made::discontinuity);
    }

    /** Behind packets that were lost no picture can be decoded up to the next key frame, whatever the pause. */
    @Test
    void picturesBehindLostPacketsWaitForAKeyFrame() {
        run.announce(AVC, AAC);
        run.both(0, 4_000, 40, 2000);
        run.breakTimeline();
        run.both(5_000, 6_000, 40, 600_000);
        run.both(6_000, 8_000, 40, 2000);
        run.end();
        assertThat(run.pictures()).hasSize(100 + 50);
        assertThat(run.made).filteredOn(Made::discontinuity).hasSize(1);
        assertThat(run.made).allMatch(Made::independent);
    }

    @Test
    void otherPicturesWaitForTheirKeyFrame() {
        run.both(0, 4_000, 40, 2000);
        run.picture(OTHER_AVC, 4_000, false);
        run.picture(OTHER_AVC, 4_040, true);
        run.end();
        assertThat(run.pictures()).hasSize(101);
        assertThat(TsCheck.independent(run.made.getLast().ts())).isTrue();
    }
}
