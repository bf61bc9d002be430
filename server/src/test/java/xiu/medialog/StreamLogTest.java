package xiu.medialog;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.media.SampleMedia.AUDIO;
import static xiu.media.SampleMedia.VIDEO;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.PacketFormat;
import xiu.media.SampleFormat;
import xiu.media.SampleMedia;
import xiu.media.Track;
import xiu.media.TrackKind;

/** Packets that stand among the ready bytes of a format, and those that cannot. The content of each is its number. */
class StreamLogTest {
    private static final LogSettings ONE_GOP = new LogSettings(1, 1 << 20, 1_000, 30_000_000);
    private static final int SMALL = 64;
    private static final int LARGE = 16 << 10;

    private final StreamLog log = new StreamLog(ONE_GOP, System::nanoTime);
    private final long before = StreamLog.memoryOfAll();
    private int number;

    /** Leaves bodies of more than 100 bytes in several pieces, as RTMP does with long ones. */
    private record Pieces() implements PacketFormat {
        @Override
        public void begin(List<Track> tracks, ByteBuf out) {
            SampleFormat.ALL.begin(tracks, out);
        }

        @Override
        public void configuration(Track track, long dts, ByteBuf out) {
            SampleFormat.ALL.configuration(track, dts, out);
        }

        @Override
        public void packet(MediaPacket packet, ByteBuf out) {
            SampleFormat.ALL.packet(packet, out);
            if (trailer(packet) < 0) {
                out.setByte(out.writerIndex() - 1, 'x');
            }
        }

        @Override
        public boolean holdsPackets() {
            return true;
        }

        @Override
        public int trailer(MediaPacket packet) {
            return packet.bytes().readableBytes() <= 100 ? 0 : -1;
        }

        @Override
        public int overhead(int bodyBytes) {
            return SampleFormat.ALL.overhead(bodyBytes);
        }
    }

    // It would record a stack for each of many packets; that all are released is checked here.
    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

    @BeforeEach
    void manyPackets() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void nothingIsLeft() {
        log.dispose();
        assertThat(StreamLog.memoryOfAll()).isEqualTo(before);
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void aPacketIsCopiedOnceAndNotOnceMoreForThoseWhoReadPackets() {
        ByteLog ready = log.activate(SampleFormat.ALL);
        PacketCursor cursor = log.openCursor();
        for (int i = 0; i < 100; i++) {
            append(VIDEO, i % 25 == 0, SMALL);
            MediaPacket packet = cursor.next();
            assertThat(SampleMedia.number(packet.bytes())).isEqualTo(i);
            assertThat(packet.bytes().unwrap()).isSameAs(ready.memory());
        }
        cursor.close();
    }

    @Test
    void packetsAreCopiedWhileNoFormatIsInUseAndWhereNoneHasAllOfThem() {
        PacketCursor cursor = log.openCursor();
        append(VIDEO, true, SMALL);
        ByteLog half = log.activate(new SampleFormat(true, false));
        append(VIDEO, false, SMALL);
        append(AUDIO, false, SMALL);
        for (int i = 0; i < 3; i++) {
            MediaPacket packet = cursor.next();
            assertThat(SampleMedia.number(packet.bytes())).isEqualTo(i);
            assertThat(packet.bytes().unwrap()).isNotSameAs(half.memory());
        }
        cursor.close();
    }

    @Test
    void whatDoesNotStandInOnePieceIsCopiedAndStaysInOrder() {
        PacketCursor cursor = log.openCursor();
        log.activate(new Pieces());
        int read = 0;
        for (int i = 0; i < 2_000; i++) {
            boolean key = i % 24 == 0;
            append(i % 3 == 2 ? AUDIO : VIDEO, key, key ? LARGE : i % 40 == 39 ? 104 : SMALL);
            if (i % 7 == 0) {
                for (MediaPacket next = cursor.next(); next != null; next = cursor.next()) {
                    assertThat(next.sequence()).isEqualTo(read);
                    assertThat(SampleMedia.number(next.bytes())).isEqualTo(read++);
                }
            }
        }
        assertThat(read).isGreaterThan(1_990);
        assertThat(cursor.skipped()).isZero();
        cursor.close();
    }

    @Test
    void lentPacketsStayAsTheyAreWhileSomebodyHoldsTheirMemory() {
        log.activate(SampleFormat.ALL);
        PacketCursor cursor = log.openCursor();
        ArrayDeque<ByteBuf> held = new ArrayDeque<>();
        for (int i = 0; i < 3_000; i++) {
            append(VIDEO, i % 25 == 0, 1 << 10);
            held.add(cursor.next().bytes().retain());
            if (held.size() > 500) {
                ByteBuf oldest = held.remove();
                assertThat(SampleMedia.number(oldest)).isEqualTo(i - 500);
                oldest.release();
            }
        }
        cursor.close();
        held.forEach(ByteBuf::release);
    }

    /** Half of the packets stand among the bytes of the first format, then some among those of another, then in none. */
    @Test
    void packetsOutliveTheLogThatTheyStandIn() {
        SampleFormat first = SampleFormat.ALL;
        Pieces second = new Pieces();
        PacketCursor cursor = log.openCursor();
        log.activate(first);
        append(VIDEO, true, SMALL);
        append(VIDEO, false, SMALL);
        ByteLog other = log.activate(second);
        long counted = log.bytes();
        log.deactivate(first);
        // Their memory is still there, and still counted; that of the log itself beyond it is not.
        assertThat(log.bytes()).isBetween(counted / 2, counted);
        assertThat(StreamLog.memoryOfAll() - before).isEqualTo(log.bytes());
        append(VIDEO, false, SMALL);
        log.deactivate(second);
        log.deactivate(second);
        append(VIDEO, false, SMALL);
        ByteLog again = log.activate(first);
        append(VIDEO, false, SMALL);
        for (int i = 0; i < 5; i++) {
            assertThat(SampleMedia.number(cursor.next().bytes())).isEqualTo(i);
        }
        assertThat(other.join(1)).isNull();
        boolean lent = false;
        for (int i = 0; i < 500; i++) {
            append(VIDEO, i % 25 == 0, SMALL);
            MediaPacket packet = cursor.next();
            assertThat(SampleMedia.number(packet.bytes())).isEqualTo(5 + i);
            lent = packet.bytes().unwrap() == again.memory();
        }
        assertThat(lent).isTrue();
        cursor.close();
        assertThat(StreamLog.memoryOfAll() - before).isEqualTo(log.bytes());
    }

    @Test
    void aFormatThatComesBackHasTheGroupOfPicturesAgain() {
        log.activate(SampleFormat.ALL);
        for (int i = 0; i < 30; i++) {
            append(VIDEO, i % 25 == 0, SMALL);
        }
        log.deactivate(SampleFormat.ALL);
        append(VIDEO, false, SMALL);
        JoinPoint at = log.activate(SampleFormat.ALL).join(1);
        assertThat(at.chunk().timeAt(at.offset())).isEqualTo(1_000_000);
        at.chunk().release();
    }

    /** A publisher that says its configuration anew with every picture: as long as a picture is there, its header is. */
    @Test
    void headersCountAsWhatTheLogHolds() {
        String header = "h".repeat(64 << 10);
        PacketCursor cursor = log.openCursor();
        for (int i = 0; i < 200; i++) {
            Track track = SampleMedia.track(VIDEO.id(), VIDEO.kind(), i + header);
            log.configure(track);
            append(track, true, SMALL);
        }
        int held = 0;
        for (MediaPacket next = cursor.next(); next != null; next = cursor.next()) {
            held++;
        }
        // What does not fit into the log has gone, whether the bytes are a body's or a header's.
        assertThat((long) held * header.length()).isLessThanOrEqualTo(ONE_GOP.maxBytes());
        assertThat(held).isGreaterThan(3);
        cursor.close();
    }

    @Test
    void memoryIsThatOfOneLogAndBounded() {
        for (int i = 0; i < 500; i++) {
            append(VIDEO, i % 25 == 0, 8 << 10);
        }
        long copied = log.bytes();
        ByteLog ready = log.activate(SampleFormat.ALL);
        for (int i = 0; i < 500; i++) {
            append(VIDEO, i % 25 == 0, 8 << 10);
        }
        // What is left of the copies is one piece to use again.
        assertThat(log.bytes()).isLessThan(ready.bytes() + copied / 4);
        for (int i = 0; i < 500; i++) {
            append(VIDEO, false, 8 << 10);
        }
        assertThat(log.cuts()).isPositive();
        assertThat(log.bytes()).isLessThan(2 * ONE_GOP.maxBytes() + ready.bytes());
    }

    /** One writer that laps its readers all the time, whose memory goes round through both logs. */
    @Test
    void readersOnOtherThreadsGetEveryPacketAsItIsOrSkipForwards() throws Exception {
        log.activate(new Pieces());
        int packets = 40_000;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Long>> readers =
                    List.of(threads.submit(() -> readAll(packets)), threads.submit(() -> readAll(packets)));
            for (int i = 0; i < packets; i++) {
                append(i % 3 == 2 ? AUDIO : VIDEO, i % 24 == 0, 8 * (1 + i % 14));
            }
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
    }

    private long readAll(int packets) {
        PacketCursor cursor;
        synchronized (log) {
            cursor = log.openCursor();
        }
        long count = 0;
        for (long last = -1; last < packets - 1; ) {
            MediaPacket packet = cursor.next();
            if (packet == null) {
                Thread.onSpinWait();
                continue;
            }
            if (packet.sequence() <= last || SampleMedia.number(packet.bytes()) != packet.sequence()) {
                throw new AssertionError("packet " + packet.sequence() + " after " + last);
            }
            last = packet.sequence();
            count++;
        }
        synchronized (log) {
            cursor.close();
        }
        return count;
    }

    private void append(Track track, boolean key, int bytes) {
        synchronized (log) {
            log.append(
                    SampleMedia.packet(track, number * 40L, key && track.kind() == TrackKind.VIDEO, number, bytes / 8));
            number++;
        }
    }
}
