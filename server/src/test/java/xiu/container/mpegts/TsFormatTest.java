package xiu.container.mpegts;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.check.MediaFeed;
import xiu.check.TsCheck;
import xiu.check.TsPes;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.medialog.ByteChunk;
import xiu.medialog.ByteLog;
import xiu.medialog.JoinPoint;
import xiu.medialog.LogSettings;

/** What viewers of a log in this format get, read by {@link TsCheck}. */
class TsFormatTest {
    private static final int PACKET = 188;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ByteLog log = new ByteLog(new TsFormat(), new LogSettings(4, 8 << 20, 1_000, 30_000_000), allocator);
    private final List<Viewer> viewers = new ArrayList<>();

    @AfterEach
    void allMemoryIsBack() {
        viewers.forEach(Viewer::leave);
        log.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    /** Reads on from where it has joined. */
    private final class Viewer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private ByteChunk chunk;
        private int offset;

        private Viewer(JoinPoint at) {
            bytes.writeBytes(at.preamble());
            chunk = at.chunk();
            offset = at.offset();
            viewers.add(this);
        }

        private void skip() {
            JoinPoint at = Objects.requireNonNull(log.joinAfter(chunk.base() + offset));
            chunk.release();
            bytes.writeBytes(at.resync());
            chunk = at.chunk();
            offset = at.offset();
        }

        private void read() {
            while (true) {
                ByteChunk next = chunk.next();
                int limit = chunk.limit();
                bytes.writeBytes(ByteBufUtil.getBytes(chunk.buffer(), offset, limit - offset));
                offset = limit;
                if (next == null || !next.tryRetain()) {
                    return;
                }
                chunk.release();
                chunk = next;
                offset = 0;
            }
        }

        private TsCheck.Segment checked() {
            read();
            return new TsCheck().segment(bytes.toByteArray(), true);
        }

        private void leave() {
            chunk.release();
        }
    }

    private Viewer join() {
        return new Viewer(Objects.requireNonNull(log.join(1)));
    }

    private void write(MediaPacket packet) {
        log.append(packet);
        packet.release();
    }

    /** 25 pictures a second, a key frame each second, and sound between them. */
    private void film(Track video, Track audio, int fromMillis, int toMillis) {
        long sound = fromMillis * 1000L;
        for (int millis = fromMillis; millis < toMillis; millis += 40) {
            write(MediaFeed.picture(video, millis, millis + 40, millis % 1000 == 0, 3_000));
            for (; sound < (millis + 40) * 1000L; sound += 23_220) {
                write(MediaFeed.sound(audio, sound, 180));
            }
        }
    }

    @Test
    void aViewerFromTheBeginningGetsEverything() {
        log.configure(MediaFeed.AVC);
        log.configure(MediaFeed.AAC);
        write(MediaFeed.picture(MediaFeed.AVC, 0, 40, true, 3_000));
        Viewer viewer = join();
        film(MediaFeed.AVC, MediaFeed.AAC, 1_000, 4_000);
        log.reset();
        TsCheck.Segment got = viewer.checked();
        assertThat(got.streams()).isEqualTo(Map.of(0x100, 0x1B, 0x101, 0x0F));
        assertThat(got.pcrPid()).isEqualTo(0x100);
        assertThat(got.video()).hasSize(76);
        assertThat(got.audio().stream().mapToInt(pes -> pes.payload().length).sum())
                .isEqualTo(130 * (7 + 181));
        assertThat(TsCheck.independent(got)).isTrue();
    }

    @Test
    void whoComesLateBeginsWithTablesAndAKeyFrame() {
        film(MediaFeed.AVC, MediaFeed.AAC, 0, 2_520);
        Viewer viewer = join();
        film(MediaFeed.AVC, MediaFeed.AAC, 2_520, 3_500);
        TsCheck.Segment got = viewer.checked();
        assertThat(TsCheck.independent(got)).isTrue();
        assertThat(got.video().getFirst().pts()).isEqualTo((2_040 + 1_400) * 90L);
        assertThat(got.pes().getFirst().streamType()).isEqualTo(0x1B);
    }

    @Test
    void allViewersGetTheSameBytes() {
        film(MediaFeed.HEVC, MediaFeed.AAC, 0, 1_040);
        Viewer one = join();
        film(MediaFeed.HEVC, MediaFeed.AAC, 1_040, 1_520);
        Viewer other = join();
        film(MediaFeed.HEVC, MediaFeed.AAC, 1_520, 2_520);
        assertThat(one.checked().streams()).isEqualTo(Map.of(0x100, 0x24, 0x101, 0x0F));
        other.read();
        assertThat(other.bytes.toByteArray()).isEqualTo(one.bytes.toByteArray());
    }

    @Test
    void whoSkipsIsToldThatCountersAndClockJump() {
        film(MediaFeed.AVC, MediaFeed.AAC, 0, 1_480);
        Viewer viewer = join();
        viewer.read();
        film(MediaFeed.AVC, MediaFeed.AAC, 1_480, 5_480);
        viewer.skip();
        film(MediaFeed.AVC, MediaFeed.AAC, 5_480, 6_480);
        TsCheck.Segment got = viewer.checked();
        List<TsPes> keys = got.video().stream().filter(TsPes::randomAccess).toList();
        assertThat(keys.stream().map(pes -> pes.pts() / 90 - 1_440)).containsExactly(1_000L, 5_000L, 6_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aac", "mp3"})
    void soundAloneHasTablesAndClockOften(String codec) {
        Track audio = codec.equals("aac") ? MediaFeed.AAC_48 : MediaFeed.MP3;
        long frame = codec.equals("aac") ? 21_333 : 26_122;
        for (int i = 0; i < 200; i++) {
            write(MediaFeed.sound(audio, i * frame, 180));
        }
        Viewer viewer = new Viewer(Objects.requireNonNull(log.join(4)));
        for (int i = 200; i < 300; i++) {
            write(MediaFeed.sound(audio, i * frame, 180));
        }
        TsCheck.Segment got = viewer.checked();
        assertThat(got.pcrPid()).isEqualTo(0x101);
        assertThat(got.streams()).hasSize(1);
        assertThat(tables(viewer)).hasSizeBetween(8, 16);
        got.audio().forEach(pes -> assertThat(pes.payload().length).isLessThanOrEqualTo(2 * 417));
    }

    /** Two frames of sound share a packet; the second one does not wait for the third. */
    @Test
    void soundDoesNotWaitForMoreThanTheFrameItTravelsWith() {
        write(MediaFeed.sound(MediaFeed.AAC, 0, 180));
        Viewer viewer = join();
        write(MediaFeed.sound(MediaFeed.AAC, 23_220, 180));
        assertThat(viewer.checked().audio()).hasSize(1);
        write(MediaFeed.sound(MediaFeed.AAC, 46_440, 180));
        log.reset();
        assertThat(viewer.checked().audio()).hasSize(2);
    }

    @Test
    void tablesComeTwiceASecondBetweenKeyFrames() {
        film(MediaFeed.AVC, MediaFeed.AAC, 0, 1_000);
        Viewer viewer = join();
        for (int millis = 1_040; millis < 6_000; millis += 40) {
            write(MediaFeed.picture(MediaFeed.AVC, millis, millis, false, 500));
        }
        viewer.checked();
        assertThat(tables(viewer)).hasSizeBetween(11, 13);
    }

    /** Another publisher, another codec: new tables, and the clock goes on. */
    @Test
    void anotherPublisherFollowsInTheSameStream() {
        log.configure(MediaFeed.AVC);
        log.configure(MediaFeed.AAC);
        film(MediaFeed.AVC, MediaFeed.AAC, 0, 1_480);
        Viewer viewer = join();
        log.reset();
        log.configure(MediaFeed.HEVC);
        log.configure(MediaFeed.MP3);
        for (int millis = 2_000; millis < 3_000; millis += 40) {
            write(MediaFeed.picture(MediaFeed.HEVC, millis, millis, millis == 2_000, 500));
        }
        TsCheck.Segment got = viewer.checked();
        assertThat(got.streams()).isEqualTo(Map.of(0x100, 0x24, 0x101, 0x03));
        assertThat(got.pmtVersion()).isEqualTo(1);
        assertThat(got.video()).hasSize(12 + 25);
    }

    /** Some streams announce pictures that never come, and some begin with sound. */
    @Test
    void picturesThatWereNotAnnouncedAreAddedWhenTheyCome() {
        for (int i = 0; i < 100; i++) {
            write(MediaFeed.sound(MediaFeed.AAC, i * 23_220L, 180));
        }
        Viewer viewer = join();
        film(MediaFeed.AVC, MediaFeed.AAC, 3_000, 4_000);
        TsCheck.Segment got = viewer.checked();
        assertThat(got.streams()).isEqualTo(Map.of(0x100, 0x1B, 0x101, 0x0F));
        assertThat(got.video()).hasSize(25);
        assertThat(got.pcrPid()).isEqualTo(0x100);
    }

    @Test
    void theClockRunsAlsoWhereAnnouncedPicturesDoNotCome() {
        log.configure(MediaFeed.AVC);
        log.configure(MediaFeed.AAC);
        for (int i = 0; i < 200; i++) {
            write(MediaFeed.sound(MediaFeed.AAC, i * 23_220L, 180));
        }
        Viewer viewer = join();
        for (int i = 200; i < 250; i++) {
            write(MediaFeed.sound(MediaFeed.AAC, i * 23_220L, 180));
        }
        TsCheck.Segment got = viewer.checked();
        assertThat(got.pcrPid()).isEqualTo(0x100);
        assertThat(got.audio()).isNotEmpty();
        assertThat(clocks(viewer)).isGreaterThan(10);
    }

    @Test
    void aLongPauseBreaksTheClockAndSaysSo() {
        film(MediaFeed.AVC, MediaFeed.AAC, 0, 1_000);
        Viewer viewer = join();
        film(MediaFeed.AVC, MediaFeed.AAC, 20_000, 21_000);
        assertThat(viewer.checked().video()).hasSize(50);
    }

    /** A frame that cannot be carried is left out. */
    @Test
    void aDamagedFrameIsLeftOut() {
        film(MediaFeed.AVC, MediaFeed.AAC, 0, 1_000);
        Viewer viewer = join();
        MediaPacket damaged = MediaFeed.picture(MediaFeed.AVC, 1_000, 1_000, true, 500);
        damaged.bytes().setInt(5, 1 << 20);
        write(damaged);
        write(MediaFeed.sound(MediaFeed.AAC, 1_010_000, 20_000));
        film(MediaFeed.AVC, MediaFeed.AAC, 1_040, 1_480);
        assertThat(viewer.checked().video()).hasSize(25 + 11);
    }

    /** Where the PATs stand. */
    private static List<Integer> tables(Viewer viewer) {
        byte[] bytes = viewer.bytes.toByteArray();
        List<Integer> places = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += PACKET) {
            if ((bytes[at + 1] & 0x1F) == 0 && bytes[at + 2] == 0) {
                places.add(at);
            }
        }
        return places;
    }

    private static int clocks(Viewer viewer) {
        byte[] bytes = viewer.bytes.toByteArray();
        int count = 0;
        for (int at = 0; at < bytes.length; at += PACKET) {
            boolean field = (bytes[at + 3] & 0x20) != 0 && bytes[at + 4] != 0;
            count += field && (bytes[at + 5] & 0x10) != 0 ? 1 : 0;
        }
        return count;
    }
}
