package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a publisher's socket wakes the loop, on a controlled clock: 30 pictures a second, sound in between. */
class ReceivePaceTest {
    private static final long FRAME = 33;
    private static final int SOUND = 300;
    private static final int PICTURE = 4_000;
    /** Two sounds with their headers, and a byte. */
    private static final int ENOUGH = 2 * (SOUND + 12) + 1;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private boolean awaited = true;
    private int mark;
    private ReceivePace pace = pace();

    private ReceivePace pace() {
        return new ReceivePace(channel.eventLoop(), bytes -> mark = bytes, () -> awaited);
    }

    @BeforeEach
    void freeze() {
        channel.freezeTime();
        pace = pace();
        mark = 1;
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** Time passes, then a picture comes with the sound before it. */
    private void picture(long millis, int bytes) {
        pass(millis);
        pace.message(MessageType.AUDIO, SOUND);
        pace.message(MessageType.VIDEO, bytes);
        pace.read(0);
    }

    private void pictures(int count, long millis, int bytes) {
        for (int i = 0; i < count; i++) {
            picture(millis, bytes);
        }
    }

    private void settle() {
        pictures(2 * ReceivePace.JUDGED, FRAME, PICTURE);
    }

    @Test
    void readsEverythingAtOnceUntilItKnowsTheStream() {
        pictures(2 * ReceivePace.JUDGED - 1, FRAME, PICTURE);
        assertThat(mark).isEqualTo(1);
        picture(FRAME, PICTURE);
        assertThat(mark).isEqualTo(ENOUGH);
    }

    @Test
    void aPictureInPiecesIsWaitedForUntilItIsWhole() {
        settle();
        pace.read(1_234);
        assertThat(mark).isEqualTo(1_234);
        pace.read(1 << 20);
        assertThat(mark).isEqualTo(ReceivePace.LAZY_BYTES);
    }

    @Test
    void aPictureThatIsTooLateIsLookedFor() {
        settle();
        pass(FRAME + 4);
        assertThat(mark).isEqualTo(ENOUGH);
        pass(2);
        assertThat(mark).isEqualTo(1);
        // Once is no rule.
        picture(0, PICTURE);
        assertThat(mark).isEqualTo(ENOUGH);
    }

    @Test
    void anEncoderThatWaitsForUsIsReadAtOnceAgain() {
        settle();
        pictures(ReceivePace.MOST + 1, FRAME + 7, PICTURE);
        assertThat(mark).isEqualTo(1);
        pictures(8 * ReceivePace.JUDGED, FRAME, PICTURE);
        assertThat(mark).as("within ten seconds").isEqualTo(1);
        pictures(2 * ReceivePace.JUDGED, FRAME, PICTURE);
        assertThat(mark).as("another attempt").isEqualTo(ENOUGH);
        pictures(ReceivePace.MOST + 1, FRAME + 7, PICTURE);
        pictures(17 * ReceivePace.JUDGED, FRAME, PICTURE);
        assertThat(mark).as("twice as long").isEqualTo(1);
    }

    @Test
    void smallPicturesAreReadAtOnce() {
        pictures(4 * ReceivePace.JUDGED, FRAME, ENOUGH - 1);
        assertThat(mark).isEqualTo(1);
    }

    @Test
    void fewPicturesASecondLeaveSoundNowhereToWait() {
        pictures(8 * ReceivePace.JUDGED, 66, PICTURE);
        assertThat(mark).isEqualTo(1);
    }

    @Test
    void whenPicturesStopSoundIsReadAtOnce() {
        settle();
        for (int i = 0; i <= ReceivePace.MOST + 1; i++) {
            pass(23);
            pass(23);
            pace.message(MessageType.AUDIO, SOUND);
            pace.read(0);
        }
        assertThat(mark).isEqualTo(1);
    }

    @Test
    void soundAloneIsReadAtOnce() {
        for (int i = 0; i < 1_000; i++) {
            pass(23);
            pace.message(MessageType.AUDIO, SOUND);
            pace.read(0);
        }
        assertThat(mark).isEqualTo(1);
    }

    @Test
    void picturesWithoutSoundAreOnlyWaitedForUntilTheyAreWhole() {
        for (int i = 0; i < 2 * ReceivePace.JUDGED; i++) {
            pass(FRAME);
            pace.message(MessageType.VIDEO, PICTURE);
            pace.read(0);
        }
        assertThat(mark).isEqualTo(1);
        pace.read(PICTURE);
        assertThat(mark).isEqualTo(PICTURE);
    }

    @Test
    void aStreamThatNobodyAwaitsIsReadFiveTimesASecond() {
        awaited = false;
        picture(FRAME, PICTURE);
        assertThat(mark).isEqualTo(ReceivePace.LAZY_BYTES);
        pass(199);
        assertThat(mark).isEqualTo(ReceivePace.LAZY_BYTES);
        pass(1);
        assertThat(mark).isEqualTo(1);
        pass(10_000);
        assertThat(channel.runScheduledPendingTasks())
                .as("silence costs nothing")
                .isEqualTo(-1);
        awaited = true;
        picture(0, PICTURE);
        assertThat(mark).isEqualTo(1);
    }

    @Test
    void restsThatWereMeantAreNotHeldAgainstTheEncoder() {
        settle();
        awaited = false;
        for (int i = 0; i < ReceivePace.JUDGED; i++) {
            picture(100, PICTURE);
        }
        awaited = true;
        picture(FRAME, PICTURE);
        assertThat(mark).isEqualTo(ENOUGH);
    }

    @Test
    void afterTheEndEverythingIsReadAtOnce() {
        settle();
        pace.end();
        assertThat(mark).isEqualTo(1);
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }
}
