package xiu.medialog;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.media.SampleMedia.AUDIO;
import static xiu.media.SampleMedia.METADATA;
import static xiu.media.SampleMedia.VIDEO;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.SampleMedia;
import xiu.media.Track;

class TimelineTest {
    private long nanos = -5;
    private final Timeline timeline = new Timeline(() -> nanos);
    private int epoch;

    @Test
    void aHealthyPublisherPassesUnchangedWhereverItStarts() {
        for (long start : new long[] {0, 40, 18_000_000, 4_294_967_290L}) {
            Timeline fresh = new Timeline(() -> nanos);
            for (int i = 0; i < 1_000; i++) {
                assertThat(out(fresh, VIDEO, start + i * 33)).isEqualTo(start + i * 33);
                assertThat(out(fresh, AUDIO, start + i * 33 - 300)).isEqualTo(start + i * 33 - 300);
            }
            assertThat(fresh.repairs()).isZero();
            assertThat(epoch).isZero();
        }
    }

    @Test
    void driftIsNotTouched() {
        for (int i = 0; i < 20_000; i++) {
            assertThat(out(VIDEO, i * 40L)).isEqualTo(i * 40L);
            assertThat(out(AUDIO, i * 39L)).isEqualTo(i * 39L); // 20 s apart in the end
        }
        assertThat(timeline.repairs()).isZero();
    }

    @Test
    void aPauseInRealTimeIsNoJump() {
        out(VIDEO, 0);
        nanos += TimeUnit.MINUTES.toNanos(10);
        assertThat(out(VIDEO, 600_000)).isEqualTo(600_000);
        assertThat(timeline.repairs()).isZero();
    }

    @Test
    void aSparseTrackMayLagBehindALivelyOne() {
        out(VIDEO, 0);
        for (int i = 0; i <= 60_000; i += 20) {
            out(AUDIO, i);
        }
        assertThat(out(VIDEO, 60_000)).isEqualTo(60_000);
        assertThat(timeline.repairs()).isZero();
    }

    @Test
    void aJumpForwardsGoesOnRightAfterTheNewestFrame() {
        out(VIDEO, 1_000);
        out(AUDIO, 1_010);
        assertThat(out(VIDEO, 3_601_000)).isEqualTo(1_050);
        assertThat(epoch).isEqualTo(1);
        assertThat(out(AUDIO, 1_033)).isEqualTo(1_033); // has not jumped yet
        assertThat(out(AUDIO, 3_601_020)).isEqualTo(1_070);
        assertThat(out(VIDEO, 3_601_040)).isEqualTo(1_090);
        assertThat(timeline.repairs()).isEqualTo(1);
    }

    @Test
    void aStepBackGoesOnToo() {
        for (int i = 0; i < 2_000; i += 40) {
            out(VIDEO, i);
        }
        // A clip of two seconds that begins again.
        assertThat(out(VIDEO, 0)).isEqualTo(2_000);
        assertThat(out(VIDEO, 40)).isEqualTo(2_040);
        assertThat(epoch).isEqualTo(1);
    }

    @Test
    void smallStepsBackAreHeld() {
        out(VIDEO, 100);
        assertThat(out(VIDEO, 60)).isEqualTo(100);
        assertThat(out(VIDEO, 140)).isEqualTo(140);
        assertThat(timeline.repairs()).isEqualTo(1);
        assertThat(epoch).isZero();
    }

    @Test
    void aPublisherThatJumpsAndReturnsNeverStopsTheLine() {
        long last = -1;
        for (int i = 0; i < 200; i++) {
            long in = i * 40L + (i >= 50 && i < 100 ? 7_200_000 : 0);
            long out = out(VIDEO, in);
            assertThat(out).isGreaterThan(last).isLessThanOrEqualTo(last + 41);
            last = out;
        }
        assertThat(timeline.repairs()).isEqualTo(2);
    }

    @Test
    void aPublisherThatRunsBackwardsBreaksTheLineOnce() {
        long last = out(VIDEO, 400_000);
        out(VIDEO, 400_040);
        for (int i = 0; i < 1_500; i++) {
            long out = out(VIDEO, 399_000 - i * 40L);
            assertThat(out(AUDIO, 399_000 - i * 40L)).isGreaterThanOrEqualTo(last);
            assertThat(out).isGreaterThanOrEqualTo(last);
            last = out;
        }
        assertThat(epoch).isEqualTo(1);
        assertThat(timeline.repairs()).isGreaterThan(100);
        assertThat(out(VIDEO, 340_000)).isGreaterThan(last);
        assertThat(epoch).isEqualTo(1);
    }

    @Test
    void tracksWithOriginsOfTheirOwnRunSideBySide() {
        for (int i = 0; i < 5_000; i++) {
            assertThat(out(AUDIO, i * 20L)).isEqualTo(i * 20L);
            assertThat(out(VIDEO, 9_000_000 + i * 20L)).isEqualTo(40 + i * 20L);
        }
        assertThat(timeline.repairs()).isEqualTo(1);
    }

    @Test
    void dataStampedZeroBreaksNothing() {
        assertThat(out(METADATA, 0)).isZero();
        assertThat(out(VIDEO, 3_600_000)).isEqualTo(3_600_000);
        assertThat(out(METADATA, 0)).isEqualTo(3_600_000);
        assertThat(out(METADATA, 3_600_020)).isEqualTo(3_600_020);
        assertThat(out(VIDEO, 3_600_040)).isEqualTo(3_600_040);
        assertThat(timeline.repairs()).isZero();
    }

    @Test
    void anotherPublisherGoesOnWhereTheLastOneEnded() {
        out(VIDEO, 5_000);
        out(AUDIO, 5_020);
        timeline.restart();
        assertThat(out(VIDEO, 77)).isEqualTo(5_060);
        assertThat(out(AUDIO, 70)).isEqualTo(5_053);
        assertThat(epoch).isEqualTo(1);
        assertThat(timeline.repairs()).isZero();
    }

    @Test
    void presentationMovesWithDecoding() {
        out(VIDEO, 0);
        MediaPacket early = new MediaPacket(
                VIDEO,
                new MediaPacket.Time(90_000_000, 89_960_000),
                false,
                SampleMedia.packet(VIDEO, 0, false).bytes(),
                0);
        MediaPacket placed = timeline.place(early, 9);
        assertThat(placed.pts()).isEqualTo(placed.dts() - 40_000);
        assertThat(placed.sequence()).isEqualTo(9);
        placed.release();
    }

    @Test
    void whatFollowsAJumpIsShownAfterAllThatWasBeforeIt() {
        shown(1_000, 1_080);
        shown(1_040, 1_060);
        assertThat(out(VIDEO, 3_601_000)).isEqualTo(1_120);
        shown(3_601_040, 9_000_000); // what nobody can mean
        timeline.restart();
        assertThat(out(VIDEO, 0)).isEqualTo(2_200);
    }

    /** Places a frame that is decoded and shown at these times. */
    private void shown(long decoded, long shown) {
        MediaPacket packet = SampleMedia.packet(VIDEO, decoded, true);
        MediaPacket.Time time = new MediaPacket.Time(decoded * 1000, shown * 1000);
        timeline.place(new MediaPacket(VIDEO, time, true, packet.bytes(), 0), 0).release();
    }

    private long out(Track track, long millis) {
        return out(timeline, track, millis);
    }

    private long out(Timeline line, Track track, long millis) {
        MediaPacket placed = line.place(SampleMedia.packet(track, millis, true), 0);
        epoch = placed.epoch();
        placed.release();
        return placed.dts() / 1000;
    }
}
