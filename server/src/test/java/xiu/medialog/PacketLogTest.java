package xiu.medialog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static xiu.media.SampleMedia.AUDIO;
import static xiu.media.SampleMedia.VIDEO;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Position;
import xiu.media.MediaPacket.Time;
import xiu.media.SampleMedia;
import xiu.media.Track;

class PacketLogTest {
    private static final LogSettings ONE_GOP = new LogSettings(1, 1 << 20, 1_000, 30_000_000);

    private final CountingAllocator allocator = new CountingAllocator();
    private final List<MediaPacket> all = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        assertThat(all).allMatch(packet -> packet.bytes().refCnt() == 0);
        assertThat(allocator.held()).isZero();
    }

    @Test
    void readersGetWhatWasWrittenInOrder() {
        PacketLog log = packetLog(ONE_GOP);
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
    void aPacketIsReadAsItWasWritten() {
        PacketLog log = packetLog(ONE_GOP);
        video(log, 0, 1, 5);
        ByteBuf body = allocator.buffer().writeBytes(new byte[] {0, 1, 2, 3, 4, 5});
        Time time = new Time(40_000, 120_000);
        MediaPacket odd = new MediaPacket(AUDIO, time, true, body.skipBytes(1), 2).placed(new Position(1, 7), 0);
        all.add(odd);
        log.append(odd);
        PacketCursor cursor = log.open();
        cursor.next();
        MediaPacket read = cursor.next();
        assertThat(read.track()).isSameAs(AUDIO);
        assertThat(read.sequence()).isEqualTo(1);
        assertThat(read.epoch()).isEqualTo(7);
        assertThat(read.dts()).isEqualTo(40_000);
        assertThat(read.pts()).isEqualTo(120_000);
        assertThat(read.keyFrame()).isTrue();
        assertThat(ByteBufUtil.getBytes(read.bytes())).containsExactly(1, 2, 3, 4, 5);
        assertThat(ByteBufUtil.getBytes(read.sample())).containsExactly(3, 4, 5);
        cursor.close();
        log.clear();
    }

    @Test
    void aPacketMayBeEmpty() {
        PacketLog log = packetLog(ONE_GOP);
        PacketCursor cursor = log.open();
        for (int i = 0; i < 3; i++) {
            MediaPacket empty = new MediaPacket(VIDEO, new Time(i, i), i == 0, allocator.buffer(), 0);
            all.add(empty);
            log.append(empty.placed(new Position(i, 0), 0));
            assertThat(cursor.next().sequence()).isEqualTo(i);
        }
        cursor.close();
        log.clear();
    }

    @Test
    void refusesAPacketOutOfSequence() {
        PacketLog log = packetLog(ONE_GOP);
        MediaPacket wrong = SampleMedia.packet(VIDEO, 0, true).placed(new Position(7, 0), 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.append(wrong))
                .withMessage("sequence: 7 (expected: 0)");
        wrong.release();
    }

    @Test
    void newReadersBeginWithTheGroupsOfPicturesThatTheyAskFor() {
        PacketLog log = packetLog(new LogSettings(2, 1 << 20, 1_000, 30_000_000));
        video(log, 0, 45, 10);
        PacketCursor newest = log.open();
        PacketCursor back = log.openBack(2);
        assertThat(read(newest)).first().isEqualTo(40L);
        assertThat(read(back)).first().isEqualTo(30L);
        newest.close();
        back.close();
        log.clear();
    }

    /** Two groups of pictures of 400 ms that nobody reads, in chunks of at most 4 KB, which is a packet. */
    @Test
    void keepsOnlyTheGroupsOfPicturesThatNewReadersStartWith() {
        PacketLog log = packetLog(new LogSettings(2, 1 << 20, 1_000, 30_000_000));
        for (int i = 0; i < 400; i++) {
            append(log, VIDEO, i, i % 10 == 0, 512);
            assertThat(log.bytes()).isLessThanOrEqualTo(21 * 4_096 + 4 * (64 << 10));
        }
        assertThat(log.cuts()).isZero();
        log.clear();
    }

    @Test
    void keepsMoreWhileSomebodyReads() {
        PacketLog log = packetLog(ONE_GOP);
        video(log, 0, 1, 10);
        PacketCursor cursor = log.open();
        video(log, 1, 75, 10); // 40 ms each: 3 s
        assertThat(read(cursor)).hasSize(75);
        assertThat(cursor.skipped()).isZero();
        cursor.close();
        log.clear();
    }

    /** A reader costs what it has not read yet, and no seconds that somebody might want. */
    @Test
    void keepsNoMoreForAReaderThatKeepsUp() {
        PacketLog read = packetLog(ONE_GOP);
        PacketLog unread = packetLog(ONE_GOP);
        PacketCursor cursor = read.open();
        for (int i = 0; i < 500; i++) {
            append(read, VIDEO, i, i % 25 == 0, 512);
            append(unread, VIDEO, i, i % 25 == 0, 512);
            cursor.next();
            assertThat(cursor.next()).isNull();
            assertThat(read.bytes()).isLessThanOrEqualTo(unread.bytes() + (64 << 10));
        }
        cursor.close();
        read.clear();
        unread.clear();
    }

    @Test
    void keepsMoreForTheSlowerOfTwoReaders() {
        PacketLog log = packetLog(ONE_GOP);
        video(log, 0, 1, 10);
        PacketCursor slow = log.open();
        PacketCursor fast = log.open();
        for (int i = 1; i < 75; i++) {
            video(log, i, i + 1, 10);
            read(fast);
        }
        assertThat(read(slow)).hasSize(75);
        assertThat(slow.skipped()).isZero();
        slow.close();
        fast.close();
        log.clear();
    }

    @Test
    void boundsBytes() {
        PacketLog log = packetLog(new LogSettings(1, 160, 1_000, 30_000_000));
        video(log, 0, 100, 1_000);
        assertThat(log.bytes()).isEqualTo(160);
        assertThat(log.cuts()).isEqualTo(92); // in chunks of 20 bytes
        log.clear();
    }

    @Test
    void boundsPackets() {
        PacketLog log = packetLog(new LogSettings(1, 1 << 20, 64, 30_000_000));
        video(log, 0, 240, 10_000); // 9.6 s: a key frame may be near
        assertThat(log.cuts()).isEqualTo(176); // 64 are left
        log.clear();
    }

    @Test
    void boundsDuration() {
        PacketLog log = packetLog(new LogSettings(64, 1 << 20, 1_000, 1_000_000));
        video(log, 0, 500, 2);
        PacketCursor cursor = log.openBack(64);
        // 1 s of 40 ms, in chunks of 125 ms
        assertThat(read(cursor)).hasSizeBetween(21, 26).last().isEqualTo(499L);
        assertThat(log.cuts()).isBetween(474L, 479L);
        cursor.close();
        log.clear();
    }

    @Test
    void timeAloneDoesNotTakeTheOnlyPlaceToBegin() {
        PacketLog log = packetLog(new LogSettings(1, 1 << 20, 1_000, 1_000_000));
        video(log, 0, 500, 10_000);
        PacketCursor cursor = log.open();
        assertThat(read(cursor)).hasSize(500);
        assertThat(log.cuts()).isZero();
        cursor.close();
        log.clear();
    }

    @Test
    void keepsThePacketThatIsLargerThanAllBounds() {
        PacketLog log = packetLog(new LogSettings(1, 8, 1_000, 30_000_000));
        video(log, 0, 3, 1);
        PacketCursor cursor = log.open();
        assertThat(read(cursor)).containsExactly(2L);
        cursor.close();
        log.clear();
    }

    @Test
    void anOvertakenReaderGoesOnAtTheNewestKeyFrame() {
        PacketLog log = packetLog(new LogSettings(1, 1 << 20, 64, 30_000_000));
        video(log, 0, 1, 50);
        PacketCursor cursor = log.open();
        video(log, 1, 230, 50);
        // It has the chunk of eight packets in which it stands, and then what is left.
        List<Long> read = read(cursor);
        assertThat(read)
                .hasSize(38)
                .startsWith(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 200L)
                .endsWith(229L);
        assertThat(cursor.skipped()).isEqualTo(192);
        cursor.close();
        log.clear();
    }

    @Test
    void aSlowReaderHoldsItsOwnChunkAndNoMore() {
        PacketLog log = packetLog(new LogSettings(1, 160, 1_000, 30_000_000));
        video(log, 0, 1, 50);
        PacketCursor cursor = log.open();
        video(log, 1, 230, 50);
        assertThat(log.bytes()).isEqualTo(160 + 20);
        cursor.close();
        assertThat(log.bytes()).isEqualTo(160);
        log.clear();
    }

    @Test
    void aKeyFrameThatIsGoneIsNoPlaceToBegin() {
        PacketLog log = packetLog(new LogSettings(1, 1 << 20, 64, 30_000_000));
        video(log, 0, 240, 1_000); // 9.6 s: later any picture would do
        PacketCursor cursor = log.open();
        assertThat(read(cursor)).hasSizeBetween(57, 64).last().isEqualTo(239L);
        assertThat(cursor.skipped()).isZero();
        cursor.close();
        log.clear();
    }

    @Test
    void withoutVideoReadersBeginAtTheOldestPacket() {
        PacketLog log = packetLog(ONE_GOP);
        for (int i = 0; i < 400; i++) {
            append(log, AUDIO, i, false, 2);
        }
        PacketCursor cursor = log.open();
        assertThat(read(cursor)).hasSizeBetween(75, 75 + 2 * 25).last().isEqualTo(399L); // 3 s of slack and a chunk
        assertThat(log.cuts()).isZero();
        cursor.close();
        log.clear();
    }

    @Test
    void aReaderThatCameBeforeTheFirstPacketGetsIt() {
        PacketLog log = packetLog(ONE_GOP);
        PacketCursor cursor = log.open();
        assertThat(cursor.next()).isNull();
        video(log, 0, 12, 5);
        assertThat(read(cursor)).hasSize(12).startsWith(0L);
        assertThat(cursor.skipped()).isZero();
        cursor.close();
        log.clear();
    }

    @Test
    void readersAtDifferentPlacesGetEverything() {
        PacketLog log = packetLog(new LogSettings(1, 1 << 24, 1 << 16, 3_600_000_000L));
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
    void aReaderKeepsItsChunkWhenTheLogIsCleared() {
        PacketLog log = packetLog(ONE_GOP);
        video(log, 0, 100, 100);
        PacketCursor cursor = log.open();
        MediaPacket held = cursor.next();
        log.clear();
        assertThat(SampleMedia.number(held.bytes())).isZero();
        assertThat(read(cursor)).hasSizeBetween(1, 30).startsWith(1L); // a second is 25
        assertThat(cursor.next()).isNull();
        cursor.close();
        cursor.close();
        assertThat(cursor.next()).isNull();
        assertThat(log.cursors()).isZero();
        assertThat(log.bytes()).isZero();
    }

    /** One group of pictures a second, some 100 KB of it, while somebody reads: nothing new is asked for. */
    @Test
    void memoryGoesRound() {
        PacketLog log = packetLog(ONE_GOP);
        PacketCursor cursor = log.open();
        for (int i = 0; i < 500; i++) {
            append(log, VIDEO, i, i % 25 == 0, 512);
            cursor.next();
        }
        int before = allocator.made;
        for (int i = 500; i < 1_000; i++) {
            append(log, VIDEO, i, i % 25 == 0, 512);
            cursor.next();
        }
        assertThat(allocator.made).isEqualTo(before);
        cursor.close();
        log.clear();
    }

    @Test
    void aReaderThatIsOvertakenReadsItsChunkAsItWas() {
        PacketLog log = packetLog(ONE_GOP);
        for (int i = 0; i < 101; i++) {
            append(log, VIDEO, i, i % 25 == 0, 512 + i % 7);
        }
        PacketCursor cursor = log.open();
        List<MediaPacket> read = new ArrayList<>(List.of(cursor.next()));
        for (int i = 101; i < 2_000; i++) {
            append(log, VIDEO, i, i % 25 == 0, 512 + i % 7);
        }
        for (MediaPacket packet = cursor.next(); cursor.skipped() == 0; packet = cursor.next()) {
            read.add(packet);
        }
        assertThat(read).hasSizeGreaterThan(1).allSatisfy(packet -> {
            assertThat(packet.dts()).isEqualTo(packet.sequence() * 40_000);
            assertThat(packet.keyFrame()).isEqualTo(packet.sequence() % 25 == 0);
        });
        cursor.close();
        log.clear();
    }

    /** As a segment does that is not cut yet: it outlives the group of pictures that the log keeps. */
    @Test
    void whatSomebodyRetainsStaysAndGoesRoundAfterwards() {
        // Of more than its bound the log gives back what it could use again, and where that comes back is luck.
        PacketLog log = packetLog(new LogSettings(1, 4 << 20, 1_000, 30_000_000));
        PacketCursor cursor = log.open();
        ArrayDeque<ByteBuf> retained = new ArrayDeque<>();
        int before = 0;
        for (int i = 0; i < 2_000; i++) {
            append(log, VIDEO, i, i % 25 == 0, 512);
            retained.add(cursor.next().bytes().retain());
            if (retained.size() > 300) {
                ByteBuf oldest = retained.remove();
                assertThat(SampleMedia.number(oldest)).isEqualTo(i - 300);
                oldest.release();
            }
            before = i == 1_000 ? allocator.made : before;
        }
        assertThat(allocator.made).isEqualTo(before);
        cursor.close();
        log.clear();
        assertThat(log.bytes()).isZero();
        retained.forEach(ByteBuf::release);
    }

    private PacketLog packetLog(LogSettings settings) {
        return new PacketLog(settings, allocator);
    }

    private void video(PacketLog log, int from, int to, int gop) {
        for (int i = from; i < to; i++) {
            append(log, VIDEO, i, i % gop == 0, 2);
        }
    }

    private void append(PacketLog log, Track track, int number, boolean key, int longs) {
        MediaPacket packet = SampleMedia.packet(track, number * 40L, key, number, longs)
                .placed(new Position(log.nextSequence(), 0), 0);
        all.add(packet);
        log.append(packet);
    }

    private static List<Long> read(PacketCursor cursor) {
        List<Long> numbers = new ArrayList<>();
        for (MediaPacket packet = cursor.next(); packet != null; packet = cursor.next()) {
            numbers.add(SampleMedia.number(packet.bytes()));
        }
        return numbers;
    }

    /** Counts the pieces of memory that it was asked for; where they lie is up to the system. */
    private static final class CountingAllocator extends AbstractByteBufAllocator {
        private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
        private int made;

        private long held() {
            return memory.metric().usedDirectMemory();
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return memory.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            made++;
            return memory.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return memory.isDirectBufferPooled();
        }
    }
}
