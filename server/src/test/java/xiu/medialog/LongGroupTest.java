package xiu.medialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Entry;
import xiu.media.MediaPacket.Time;
import xiu.media.SampleFormat;
import xiu.media.WireFormat;

/** Where readers begin when key frames are rare or never come again. Times are those of the media, in ms. */
class LongGroupTest {
    private static final int MINUTE = 60_000;
    private static final SampleFormat SOUND = new SampleFormat(true, false);

    private final long before = StreamLog.memoryOfAll();
    private StreamLog log = new StreamLog(new LogSettings(1, 16 << 20, 16_384, 30_000_000), System::nanoTime);

    @AfterEach
    void nothingIsLeft() {
        log.dispose();
        assertThat(StreamLog.memoryOfAll()).isEqualTo(before);
    }

    private void bounded(long bytes, int packets) {
        log.dispose();
        log = new StreamLog(new LogSettings(1, bytes, packets, 30_000_000), System::nanoTime);
    }

    /** x264's default distance of key frames at one frame a second, with AAC: more than four minutes. */
    @Test
    void timeNeverTakesTheNewestKeyFrame() {
        log.activate(SampleFormat.ALL);
        for (int millis = 0; millis < 2 * MINUTE; millis += 20) {
            if (millis % 1_000 == 0) {
                picture(millis, millis == 0, 2_000);
            }
            sound(millis);
        }
        assertThat(joins(SampleFormat.ALL)).isZero();
        assertThat(firstRead()).isZero();
        assertThat(log.cuts()).isZero();
    }

    @Test
    void theKeyFrameBeforeGoesAsSoonAsThereIsANewerOne() {
        log.activate(SampleFormat.ALL);
        for (int millis = 0; millis < 4 * MINUTE; millis += 40) {
            picture(millis, millis % (MINUTE + 40_000) == 0, 1_000);
        }
        assertThat(joins(SampleFormat.ALL)).isEqualTo(200_000);
        assertThat(firstRead()).isEqualTo(200_000);
        assertThat(log.bytes()).isLessThan(3 << 20);
    }

    /** One IDR picture, and then a recovery point each second that the container calls an inter frame. */
    @Test
    void whereNoKeyFrameComesForLongReadersBeginAtARecoveryPoint() {
        log.activate(SampleFormat.ALL);
        for (int millis = 0; millis < 9_000; millis += 40) {
            refreshed(millis);
        }
        assertThat(joins(SampleFormat.ALL)).as("while the key frame is young").isZero();
        for (int millis = 9_000; millis < MINUTE; millis += 40) {
            refreshed(millis);
        }
        assertThat(joins(SampleFormat.ALL)).isEqualTo(59_000);
        assertThat(firstRead()).isEqualTo(59_000);
        assertThat(joins(new SampleFormat(false, true)))
                .as("a format that comes late")
                .isEqualTo(59_000);
        assertThat(log.bytes()).as("the group before it is gone").isLessThan(2 << 20);
    }

    private void refreshed(int millis) {
        write(millis, millis == 0, millis % 1_000 == 0 ? "060602 0e44 80" : "");
        sound(millis);
    }

    @Test
    void aPacketSaysThatItStandsForAKeyFrame() {
        for (int millis = 0; millis < 12_000; millis += 40) {
            refreshed(millis);
        }
        PacketCursor cursor = log.openCursor();
        MediaPacket first = Objects.requireNonNull(cursor.next());
        assertThat(first.entry()).isEqualTo(Entry.SUBSTITUTE);
        assertThat(first.keyFrame()).isFalse();
        cursor.close();
    }

    /** 4 Mbit/s and a key frame that the bytes do not reach back to; there are no recovery points either. */
    @Test
    void whenBytesAreShortReadersBeginAtAnyPicture() {
        bounded(2 << 20, 16_384);
        log.activate(SampleFormat.ALL);
        for (int millis = 0; millis < 9_000; millis += 40) {
            picture(millis, millis == 0, 20_000);
        }
        assertThat(log.activate(SampleFormat.ALL).newestMark())
                .as("a key frame may be near")
                .isEqualTo(-1);
        for (int millis = 9_000; millis < MINUTE; millis += 40) {
            picture(millis, false, 20_000);
        }
        assertThat(joins(SampleFormat.ALL)).isGreaterThanOrEqualTo(MINUTE - 1_040);
        assertThat(firstRead()).isGreaterThanOrEqualTo(MINUTE - 1_040);
        picture(MINUTE, true, 20_000);
        assertThat(joins(SampleFormat.ALL)).as("a key frame after all").isEqualTo(MINUTE);
    }

    /** Packets that are many and small: the limit on their number takes the key frame of the one log and not of the other. */
    @Test
    void aLogThatStillHasTheKeyFrameKeepsToIt() {
        bounded(16 << 20, 1_000);
        log.activate(SampleFormat.ALL);
        for (int millis = 0; millis < MINUTE; millis += 40) {
            picture(millis, millis == 0, 100);
        }
        assertThat(joins(SampleFormat.ALL)).isZero();
        assertThat(firstRead()).isGreaterThan(MINUTE - 2_000);
    }

    /** A camera that sends a picture each three seconds: what is between them is no end of the pictures. */
    @Test
    void aSlowCameraIsNotTakenForADarkOne() {
        log.activate(SampleFormat.ALL);
        for (int millis = 0; millis < MINUTE - 100; millis += 20) {
            if (millis % 3_000 == 0) {
                picture(millis, millis == 30_000 || millis == 0, 2_000);
            }
            sound(millis);
        }
        assertThat(joins(SampleFormat.ALL)).isEqualTo(30_000);
    }

    @Test
    void whenThePicturesHaveStoppedForLongReadersBeginWithSound() {
        log.activate(SampleFormat.ALL);
        picture(0, true, 2_000);
        for (int millis = 0; millis < 3 * MINUTE; millis += 20) {
            sound(millis);
        }
        assertThat(joins(SampleFormat.ALL)).isGreaterThan(3 * MINUTE - 1_100);
        assertThat(log.bytes()).as("nothing of the pictures is kept").isLessThan(1 << 20);
        picture(3 * MINUTE, false, 2_000);
        assertThat(joins(SampleFormat.ALL)).as("they go on").isEqualTo(3 * MINUTE);
    }

    @Test
    void aPauseOfThePicturesThatIsOverLeavesTheirKeyFrame() {
        log.activate(SampleFormat.ALL);
        picture(0, true, 2_000);
        for (int millis = 0; millis < 30_500; millis += 20) {
            sound(millis);
        }
        picture(30_520, false, 2_000);
        assertThat(joins(SampleFormat.ALL)).isZero();
    }

    @Test
    void soundDoesNotWaitForAPictureThatDoesNotCome() {
        log.configure(MediaFeed.AVC);
        log.activate(SampleFormat.ALL);
        for (int millis = 0; millis < 4_000; millis += 20) {
            sound(millis);
        }
        assertThat(joins(SampleFormat.ALL)).isBetween(2_000L, 4_000L);
    }

    /** A player that wants no pictures does not begin where the key frame is. */
    @Test
    void whoGetsSoundAloneBeginsWithTheNewest() {
        log.activate(SOUND);
        for (int millis = 0; millis < MINUTE; millis += 20) {
            if (millis % 1_000 == 0) {
                picture(millis, millis == 0, 2_000);
            }
            sound(millis);
        }
        assertThat(joins(SOUND)).isGreaterThan(MINUTE - 1_100);
    }

    /** One frame a second for three hours: chunks, each with an index, must not be as many as seconds. */
    @Test
    void aLongGroupOfFewPacketsIsHeldInFewChunks() {
        int seconds = 3 * 3_600;
        for (int second = 0; second < seconds; second++) {
            picture(second * 1_000, second == 0, 100);
        }
        assertThat(firstRead()).isZero();
        assertThat(log.bytes()).isBetween(seconds * 100L, 4L << 20);
    }

    private void sound(int millis) {
        log.append(MediaFeed.sound(MediaFeed.AAC, millis * 1_000L, 100));
    }

    private void picture(int millis, boolean key, int bytes) {
        log.append(MediaFeed.picture(MediaFeed.AVC, millis, millis, key, bytes));
    }

    /** A picture of a thousand bytes with an SEI unit in front. */
    private void write(int millis, boolean key, String sei) {
        ByteBuf body = Unpooled.buffer().writeBytes(new byte[] {(byte) (key ? 0x17 : 0x27), 1, 0, 0, 0});
        if (!sei.isEmpty()) {
            byte[] unit = java.util.HexFormat.of().parseHex(sei.replace(" ", ""));
            body.writeInt(unit.length).writeBytes(unit);
        }
        body.writeInt(1_002).writeShort(key ? 0x6588 : 0x419A).writeZero(1_000);
        log.append(new MediaPacket(MediaFeed.AVC, new Time(millis * 1_000L, millis * 1_000L), key, body, 5));
    }

    /** The time at which a reader of a format begins, ms. */
    private long joins(WireFormat format) {
        JoinPoint at = Objects.requireNonNull(log.activate(format).join(1));
        long time = at.chunk().timeAt(at.offset()) / 1_000;
        at.chunk().release();
        return time;
    }

    /** The time of the first packet that a reader of packets gets, ms. */
    private long firstRead() {
        PacketCursor cursor = log.openCursor();
        long time = Objects.requireNonNull(cursor.next()).dts() / 1_000;
        cursor.close();
        return time;
    }
}
