package xiu.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static xiu.media.SampleMedia.AUDIO;
import static xiu.media.SampleMedia.VIDEO;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Place;
import xiu.media.SampleMedia;
import xiu.media.Track;

class PacketLogTest {
    private static final LogSettings ONE_GOP = new LogSettings(1, 1 << 20, 1_000, 30_000_000);

    private final List<MediaPacket> all = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        assertThat(all).noneMatch(MediaPacket::tryRetain);
    }

    @Test
    void readersGetWhatWasWrittenInOrder() {
        PacketLog log = new PacketLog(ONE_GOP);
        video(log, 0, 5, 5);
        PacketCursor cursor = log.open();
        assertThat(read(cursor)).containsExactly(0L, 1L, 2L, 3L, 4L);
        video(log, 5, 7, 5);
        assertThat(read(cursor)).containsExactly(5L, 6L);
        assertThat(cursor.skipped()).isZero();
        cursor.close();
        log.clear();
    }

    @Test
    void refusesAPacketOutOfSequence() {
        PacketLog log = new PacketLog(ONE_GOP);
        MediaPacket wrong = SampleMedia.packet(VIDEO, 0, true).placed(new Place(7, 0), 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.append(wrong))
                .withMessage("sequence: 7 (expected: 0)");
        wrong.release();
    }

    @Test
    void keepsOnlyTheGroupsOfPicturesThatNewReadersStartWith() {
        PacketLog log = new PacketLog(new LogSettings(2, 1 << 20, 1_000, 30_000_000));
        video(log, 0, 45, 10);
        assertThat(log.bytes()).isEqualTo(15 * 16);
        PacketCursor newest = log.open();
        PacketCursor back = log.openBack(2);
        assertThat(read(newest)).first().isEqualTo(40L);
        assertThat(read(back)).first().isEqualTo(30L);
        newest.close();
        back.close();
        log.clear();
    }

    @Test
    void keepsMoreWhileSomebodyReads() {
        PacketLog log = new PacketLog(ONE_GOP);
        video(log, 0, 1, 10);
        PacketCursor cursor = log.open();
        video(log, 1, 65, 10); // 40 ms each: 2.6 s
        assertThat(read(cursor)).hasSize(65);
        cursor.close();
        video(log, 65, 66, 10);
        assertThat(log.bytes()).isEqualTo(6 * 16);
        assertThat(log.cuts()).isZero();
        log.clear();
    }

    @Test
    void boundsBytes() {
        PacketLog log = new PacketLog(new LogSettings(1, 160, 1_000, 30_000_000));
        video(log, 0, 100, 1_000);
        assertThat(log.bytes()).isEqualTo(160);
        assertThat(log.cuts()).isPositive();
        log.clear();
    }

    @Test
    void boundsPackets() {
        PacketLog log = new PacketLog(new LogSettings(1, 1 << 20, 64, 30_000_000));
        video(log, 0, 1_000, 10_000);
        assertThat(log.bytes()).isEqualTo(64 * 16);
        assertThat(log.cuts()).isPositive();
        log.clear();
    }

    @Test
    void boundsDuration() {
        PacketLog log = new PacketLog(new LogSettings(1, 1 << 20, 1_000, 1_000_000));
        video(log, 0, 500, 10_000);
        assertThat(log.bytes()).isEqualTo(26 * 16); // 1 s of 40 ms, both ends
        assertThat(log.cuts()).isPositive();
        log.clear();
    }

    @Test
    void keepsThePacketThatIsLargerThanAllBounds() {
        PacketLog log = new PacketLog(new LogSettings(1, 8, 1_000, 30_000_000));
        video(log, 0, 3, 1);
        PacketCursor cursor = log.open();
        assertThat(read(cursor)).containsExactly(2L);
        cursor.close();
        log.clear();
    }

    @Test
    void anOvertakenReaderGoesOnAtTheNewestKeyFrame() {
        PacketLog log = new PacketLog(new LogSettings(1, 1 << 20, 64, 30_000_000));
        video(log, 0, 1, 50);
        PacketCursor cursor = log.open();
        video(log, 1, 230, 50);
        assertThat(read(cursor)).hasSize(30).first().isEqualTo(200L);
        assertThat(cursor.skipped()).isEqualTo(200);
        cursor.close();
        log.clear();
    }

    @Test
    void aKeyFrameThatIsGoneIsNoPlaceToBegin() {
        PacketLog log = new PacketLog(new LogSettings(1, 1 << 20, 64, 30_000_000));
        video(log, 0, 500, 1_000);
        PacketCursor cursor = log.open();
        assertThat(read(cursor)).hasSize(64).first().isEqualTo(436L);
        assertThat(cursor.skipped()).isZero();
        cursor.close();
        log.clear();
    }

    @Test
    void withoutVideoReadersBeginAtTheOldestPacket() {
        PacketLog log = new PacketLog(ONE_GOP);
        for (int i = 0; i < 200; i++) {
            append(log, AUDIO, i, false);
        }
        PacketCursor cursor = log.open();
        assertThat(read(cursor)).hasSize(75).first().isEqualTo(125L); // 3 s of slack
        cursor.close();
        log.clear();
    }

    @Test
    void growsWhileItIsRead() {
        PacketLog log = new PacketLog(new LogSettings(1, 1 << 24, 1 << 16, 3_600_000_000L));
        video(log, 0, 1, 100_000);
        PacketCursor behind = log.open();
        PacketCursor ahead = log.open();
        for (int i = 1; i < 1_200; i++) {
            video(log, i, i + 1, 100_000);
            assertThat(read(ahead)).last().isEqualTo((long) i);
        }
        assertThat(read(behind)).hasSize(1_200).isSorted();
        behind.close();
        ahead.close();
        assertThat(log.cursors()).isZero();
        log.clear();
    }

    @Test
    void aReaderKeepsItsPacketWhenTheLogIsCleared() {
        PacketLog log = new PacketLog(ONE_GOP);
        video(log, 0, 2, 5);
        PacketCursor cursor = log.open();
        MediaPacket held = cursor.next();
        log.clear();
        assertThat(SampleMedia.number(held.body())).isZero();
        assertThat(cursor.next()).isNull();
        assertThat(cursor.skipped()).isEqualTo(1);
        held.release();
        cursor.close();
        cursor.close();
        assertThat(log.cursors()).isZero();
    }

    private void video(PacketLog log, int from, int to, int gop) {
        for (int i = from; i < to; i++) {
            append(log, VIDEO, i, i % gop == 0);
        }
    }

    private void append(PacketLog log, Track track, int number, boolean key) {
        MediaPacket packet =
                SampleMedia.packet(track, number * 40L, key, number, 2).placed(new Place(log.nextSequence(), 0), 0);
        all.add(packet);
        log.append(packet);
    }

    private static List<Long> read(PacketCursor cursor) {
        List<Long> numbers = new ArrayList<>();
        for (MediaPacket packet = cursor.next(); packet != null; packet = cursor.next()) {
            numbers.add(SampleMedia.number(packet.body()));
            packet.release();
        }
        return numbers;
    }
}
