package xiu.medialog;

import static org.assertj.core.api.Assertions.assertThat;
import static xiu.media.SampleMedia.AUDIO;
import static xiu.media.SampleMedia.METADATA;
import static xiu.media.SampleMedia.VIDEO;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.codec.OpaqueConfig;
import xiu.media.MediaPacket;
import xiu.media.SampleFormat;
import xiu.media.SampleFrames;
import xiu.media.SampleMedia;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.medialog.memory.LogMemory;

class ByteLogTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private ByteLog log = log(SampleFormat.ALL, 1, 4 << 20);

    @AfterEach
    void allMemoryIsBack() {
        log.close();
        log.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void readersBeginAtTheNewestKeyFrameAfterAllTheyNeed() {
        log.configure(VIDEO);
        log.configure(METADATA);
        video(0, 7, 3);
        assertThat(texts(log.join(1), true)).containsExactly("begin 2", "metadata", "video header", "v6 key");
    }

    @Test
    void readersMayBeginSeveralGroupsBack() {
        video(0, 8, 2);
        assertThat(texts(log.join(2), false)).containsExactly("video header", "v4 key", "v5", "v6 key", "v7");
        assertThat(texts(log.join(64), false)).hasSize(9);
    }

    @Test
    void thereIsNoPlaceToBeginBeforeTheFirstKeyFrame() {
        append(VIDEO, 1, false);
        assertThat(log.join(1)).isNull();
        assertThat(log.newestMark()).isEqualTo(-1);
        append(VIDEO, 2, true);
        assertThat(texts(log.joinAfter(0), false)).containsExactly("video header", "v2 key");
        assertThat(log.joinAfter(log.newestMark() + 1)).isNull();
    }

    @Test
    void audioAloneHasAPlaceToBeginEverySecond() {
        for (int millis = 0; millis <= 2_500; millis += 100) {
            append(AUDIO, millis, false);
        }
        assertThat(texts(log.join(1), false))
                .startsWith("audio header", "a2000", "a2100")
                .hasSize(7);
    }

    @Test
    void audioWithVideoHasNone() {
        append(VIDEO, 0, true);
        for (int millis = 0; millis <= 1_500; millis += 100) {
            append(AUDIO, millis, false);
        }
        assertThat(texts(log.join(1), false)).contains("v0 key");
    }

    @Test
    void aTrackThatChangesIsConfiguredWithinTheStream() {
        Track changed = SampleMedia.track(Track.VIDEO_ID, TrackKind.VIDEO, "another header");
        Track equal = SampleMedia.track(Track.VIDEO_ID, TrackKind.VIDEO, "another header");
        append(VIDEO, 0, true);
        append(AUDIO, 1, false);
        JoinPoint before = Objects.requireNonNull(log.join(1));
        log.configure(changed);
        log.configure(equal);
        append(equal, 2, false);
        append(changed, 3, true);
        assertThat(texts(before, false))
                .containsExactly("video header", "v0 key", "audio header", "a1", "another header", "v2", "v3 key");
        assertThat(texts(log.join(1), false)).containsExactly("another header", "audio header", "v3 key");
    }

    /** A key frame of VP9 has the size, which the header lacks: the track is another one, its header is the same. */
    @Test
    void aTrackThatIsKnownBetterIsNotConfiguredAgain() {
        Track better = new Track(VIDEO.id(), VIDEO.kind(), new OpaqueConfig("sized"), VIDEO.flvHeader());
        append(VIDEO, 0, true);
        JoinPoint before = Objects.requireNonNull(log.join(1));
        append(better, 1, true);
        assertThat(texts(before, false)).containsExactly("video header", "v0 key", "v1 key");
        assertThat(texts(log.join(1), false)).containsExactly("video header", "v1 key");
    }

    @Test
    void anotherPublishersTracksAreSentAgain() {
        append(VIDEO, 0, true);
        JoinPoint before = Objects.requireNonNull(log.join(1));
        log.reset();
        append(VIDEO, 1, true);
        assertThat(texts(before, false)).containsExactly("video header", "v0 key", "video header", "v1 key");
    }

    @Test
    void leavesOutWhatItsFormatLeavesOut() {
        log = log(new SampleFormat(false, true), 1, 4 << 20);
        append(AUDIO, 0, false);
        assertThat(log.end()).isZero();
        append(VIDEO, 1, true);
        append(AUDIO, 2, false);
        append(VIDEO, 3, false);
        assertThat(texts(log.join(1), true)).containsExactly("begin 2", "video header", "v1 key", "v3");
    }

    @Test
    void knowsTheEndAndTheTimeOfEveryPacket() {
        video(0, 100, 1_000);
        JoinPoint at = Objects.requireNonNull(log.join(1));
        ByteChunk chunk = at.chunk();
        int size = 18 + 16;
        for (int i = 0; i < 100; i++) {
            for (int offset : List.of(i * size, i * size + 1, i * size + size - 1)) {
                assertThat(chunk.packetEnd(offset)).isEqualTo((i + 1) * size);
                assertThat(chunk.timeAt(offset)).isEqualTo(i * 1_000L);
            }
        }
        assertThat(chunk.timeAt(chunk.limit())).isEqualTo(99_000);
        chunk.release();
    }

    @Test
    void aChunkWithoutPacketsHasATime() {
        LogMemory memory = new LogMemory(allocator, 8, 0);
        ByteChunk chunk = new ByteChunk(memory.take(8, 8), memory, new ByteIndex(), 0, 5_000);
        assertThat(chunk.timeAt(0)).isEqualTo(5_000);
        chunk.release();
        assertThat(chunk.tryRetain()).isFalse();
    }

    @Test
    void chunksLastSomeSecondsWhereManyReadThem() {
        assertThat(chunkSize(15)).isEqualTo(64 << 10);
        assertThat(chunkSize(16)).isEqualTo(256 << 10);
        assertThat(log.bytes()).isLessThanOrEqualTo((3 + ByteLog.SPARES) * (256 << 10));
    }

    /** Of a log that gets 100 KB a second, when so many have always read it. */
    private int chunkSize(int readers) {
        List<JoinPoint> places = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            append(VIDEO, i * 40L, i % 50 == 0, 500);
            if (i % 50 == 0) {
                leave(places);
                for (int reader = 0; reader < readers; reader++) {
                    places.add(Objects.requireNonNull(log.join(1)));
                }
            }
            for (int reader = 0; reader < readers; reader++) {
                goOn(places, reader);
            }
        }
        leave(places);
        JoinPoint at = Objects.requireNonNull(log.join(1));
        at.chunk().release();
        return at.chunk().capacity();
    }

    private static void goOn(List<JoinPoint> places, int reader) {
        ByteChunk here = places.get(reader).chunk();
        ByteChunk next = here.next();
        if (next != null && next.tryRetain()) {
            here.release();
            places.set(reader, new JoinPoint(next, 0, new byte[0], new byte[0]));
        }
    }

    private static void leave(List<JoinPoint> places) {
        places.forEach(place -> place.chunk().release());
        places.clear();
    }

    @Test
    void aPacketLargerThanAnyChunkGetsAChunkOfItsOwn() {
        append(VIDEO, 0, true, 250_000);
        append(VIDEO, 1, true, 250_000);
        assertThat(texts(log.join(1), false)).containsExactly("video header", "v1 key");
    }

    @Test
    void aSlowReaderCostsItsOwnChunkAndNoMore() {
        append(VIDEO, 0, true, 1_000);
        JoinPoint slow = Objects.requireNonNull(log.join(1));
        int end = 0;
        for (int i = 1; i < 5_000; i++) {
            append(VIDEO, i < 10 ? i : 2L * i, false, i < 10 ? 1_000 : 900);
            end = i == 3 ? slow.chunk().limit() : end;
        }
        // Its index is its own as well.
        assertThat(slow.chunk().packetEnd(end - 1)).isEqualTo(end);
        assertThat(slow.chunk().timeAt(end - 1)).isEqualTo(3_000);
        long held = slow.chunk().capacity();
        assertThat(log.bytes()).isLessThanOrEqualTo((4 << 20) + (1 << 20) + held);
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(log.bytes());
        assertThat(log.newestMark()).isEqualTo(-1);
        assertThat(log.join(1)).isNull();
        ByteChunk next = Objects.requireNonNull(slow.chunk().next());
        assertThat(next.tryRetain()).isFalse();
        slow.chunk().release();
    }

    @Test
    void keepsWhatAReaderWithinTheBoundsHasNotRead() {
        append(VIDEO, 0, true, 1_000);
        JoinPoint slow = Objects.requireNonNull(log.join(1));
        for (int i = 1; i < 300; i++) {
            append(VIDEO, i, i % 10 == 0, 1_000);
        }
        assertThat(texts(slow, false)).hasSize(301).endsWith("v299");
        append(VIDEO, 300, true, 100_000);
        append(VIDEO, 301, true, 100_000);
        // And the memory of chunks that went.
        assertThat(log.bytes()).isLessThanOrEqualTo((2 << 20) + ByteLog.SPARES * (1 << 20));
    }

    /** Groups of 1 s, 50 KB/s, of which readers would like as many as there are. */
    @Test
    void boundsDuration() {
        log = new ByteLog(SampleFormat.ALL, new LogSettings(64, 64 << 20, 10_000, 5_000_000), allocator);
        for (int millis = 0; millis < 60_000; millis += 40) {
            append(VIDEO, millis, millis % 1_000 == 0, 250);
        }
        assertThat(log.bytes()).isLessThan(1 << 20);
        JoinPoint oldest = Objects.requireNonNull(log.join(64));
        assertThat(oldest.chunk().timeAt(oldest.offset())).isBetween(54_000_000L, 56_000_000L);
        oldest.chunk().release();
    }

    /** The same as a group of pictures without end: its key frame is the only place where readers can begin. */
    @Test
    void timeAloneDoesNotTakeTheOnlyPlaceToBegin() {
        log = new ByteLog(SampleFormat.ALL, new LogSettings(1, 64 << 20, 10_000, 5_000_000), allocator);
        for (int millis = 0; millis < 60_000; millis += 40) {
            append(VIDEO, millis, millis == 0, 250);
        }
        JoinPoint oldest = Objects.requireNonNull(log.join(1));
        assertThat(oldest.chunk().timeAt(oldest.offset())).isZero();
        oldest.chunk().release();
    }

    @Test
    void whoStoppedGoesOnThereOrAtANewerPlace() {
        video(0, 5, 10);
        long stopped = log.end();
        video(5, 8, 10);
        assertThat(texts(log.resume(stopped), false)).containsExactly("v5", "v6", "v7");
        video(8, 12, 10);
        assertThat(texts(log.resume(stopped), false)).containsExactly("video header", "v10 key", "v11");
        assertThat(log.resume(log.end() + 1)).isNull();
    }

    @Test
    void nothingIsAppendedAfterTheEnd() {
        append(VIDEO, 0, true);
        JoinPoint at = Objects.requireNonNull(log.join(1));
        log.close();
        append(VIDEO, 1, true);
        log.configure(AUDIO);
        assertThat(log.join(1)).isNull();
        assertThat(texts(at, false)).containsExactly("video header", "v0 key");
    }

    private ByteLog log(SampleFormat format, int gops, long maxBytes) {
        return new ByteLog(format, new LogSettings(gops, maxBytes, 1_000, 30_000_000), allocator);
    }

    private void video(int from, int to, int gop) {
        for (int i = from; i < to; i++) {
            append(VIDEO, i, i % gop == 0);
        }
    }

    private void append(Track track, long millis, boolean key) {
        append(track, millis, key, 2);
    }

    private void append(Track track, long millis, boolean key, int longs) {
        MediaPacket packet = SampleMedia.packet(track, millis, key, millis, longs);
        log.append(packet);
        packet.release();
    }

    /** What a reader gets that walks from {@code at} to the end; gives its hold back. */
    private static List<String> texts(JoinPoint at, boolean begins) {
        SampleFrames frames = new SampleFrames();
        frames.accept(Unpooled.wrappedBuffer(begins ? at.preamble() : at.resync()));
        ByteChunk chunk = at.chunk();
        int offset = at.offset();
        while (true) {
            ByteChunk next = chunk.next();
            frames.accept(chunk.buffer().slice(offset, chunk.limit() - offset));
            boolean goesOn = next != null && next.tryRetain();
            chunk.release();
            if (!goesOn) {
                assertThat(frames.isComplete()).isTrue();
                return frames.texts();
            }
            chunk = Objects.requireNonNull(next);
            offset = 0;
        }
    }
}
