package xiu.protocol.hls.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.check.PlaylistCheck;
import xiu.protocol.hls.playlist.HlsPlaylist;
import xiu.stream.StreamKey;

/** Whose files are whose: lives of one name, names like files, names at the limit, and what a slow disk leaves out. */
class StreamFilesTest {
    private static final StreamKey KEY = new StreamKey("live", "cam");

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

    @TempDir
    private Path root;

    @AfterEach
    void everySegmentIsReleased() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private static void stop(HlsDisk disk) throws Exception {
        disk.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private List<HlsPlaylist.Entry> write(DiskStream stream, long from, int count) {
        return DiskSegments.write(allocator, stream, from, count);
    }

    /** All there is to a stream: so many segments and its end. */
    private void record(HlsDisk disk, StreamKey key, long from, int count) {
        DiskStream stream = disk.open(key);
        if (stream != null) {
            stream.published(DiskSegments.playlist(write(stream, from, count), true), List.of());
            stream.finish();
            stream.erase();
        }
    }

    private PlaylistCheck.Playlist read(String file) throws Exception {
        return PlaylistCheck.parse(Files.readString(root.resolve(file)));
    }

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theNextLifeOfANameDoesNotFinishTheRecordingOfTheOneBefore() throws Exception {
        HlsDisk disk = new HlsDisk(root, true, 1 << 20);
        DiskStream first = disk.open(KEY);
        List<HlsPlaylist.Entry> segments = new ArrayList<>(write(first, 10, 2));
        first.published(DiskSegments.playlist(segments, false), List.of());
        DiskStream next = disk.open(KEY);
        disk.start();
        // The end of the first one comes when the next one is there already.
        segments.addAll(write(first, 12, 1));
        first.published(DiskSegments.playlist(segments, true), List.of());
        first.finish();
        next.published(DiskSegments.playlist(write(next, 20, 2), true), List.of());
        next.finish();
        stop(disk);
        assertThat(read("live/cam/vod_cam.m3u8").entries()).hasSize(3);
        assertThat(read("live/cam/vod_cam_20.m3u8").entries()).hasSize(2);
        assertThat(files()).noneMatch(file -> file.startsWith("."));
    }

    @Test
    void theLastPlaylistOfTheLifeBeforeDoesNotReplaceThatOfTheNext() throws Exception {
        HlsDisk disk = new HlsDisk(root, false, 1 << 20);
        DiskStream first = disk.open(KEY);
        DiskStream next = disk.open(KEY);
        first.published(DiskSegments.playlist(write(first, 10, 2), true), List.of());
        first.finish();
        next.published(DiskSegments.playlist(write(next, 20, 2), false), List.of());
        next.write();
        stop(disk);
        assertThat(read("live/cam/cam.m3u8").ended()).isFalse();
        assertThat(read("live/cam/cam.m3u8").sequence()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({
        "live/cam, 10.ts",
        "live/cam, 10.TS",
        "live/cam, cam.m3u8",
        "live/cam, vod_cam.m3u8",
        "live/cam, .part",
        "live/cam, .cam.m3u8.part",
        "live/cam, .vod_10.journal",
        "live/cam/cam.m3u8, below",
    })
    void noNameOfAStreamIsTheNameOfAnotherOnesFile(String app, String name) throws Exception {
        HlsDisk disk = new HlsDisk(root, true, 1 << 20);
        disk.start();
        record(disk, new StreamKey(app, name), 10, 2);
        record(disk, KEY, 10, 2);
        record(disk, new StreamKey(app, name), 10, 2);
        stop(disk);
        assertThat(read("live/cam/vod_cam.m3u8").entries()).hasSize(2);
        assertThat(files()).containsExactly("10.ts", "11.ts", "cam.m3u8", "vod_cam.m3u8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cam.tsx", "ts", "a.b", "m3u8", "vod_cam"})
    void otherNamesMayLieInTheFolderOfAStream(String name) throws Exception {
        HlsDisk disk = new HlsDisk(root, true, 1 << 20);
        disk.start();
        record(disk, KEY, 10, 2);
        record(disk, new StreamKey("live/cam", name), 10, 2);
        stop(disk);
        assertThat(read("live/cam/" + name + "/vod_" + name + ".m3u8").entries())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 230, 240, 244, 245, 246, 247, 249, 250, 251, 254, 255})
    void aNameHasAllItsFilesOrNone(int bytes) throws Exception {
        // Two bytes a letter, where the number is even.
        String name = bytes % 2 == 0 ? "\u00fc".repeat(bytes / 2) : "n".repeat(bytes);
        HlsDisk disk = new HlsDisk(root, true, 1 << 20);
        disk.start();
        record(disk, new StreamKey("live", name), 10, 2);
        record(disk, new StreamKey("live", name), 20, 2);
        stop(disk);
        if (bytes > 250) {
            assertThat(files()).isEmpty();
        } else {
            assertThat(files()).hasSize(7).contains(name + ".m3u8").noneMatch(file -> file.startsWith("."));
            assertThat(files().stream().filter(file -> file.startsWith("vod_"))).hasSize(2);
        }
    }

    @Test
    void whatDoesNotFitIsAGapThatIsSaidAndTheEndArrives() throws Exception {
        HlsDisk disk = new HlsDisk(root, true, 2 * DiskSegments.SIZE);
        long before = DiskQueue.LINES.count("hls_disk_gap");
        DiskStream stream = disk.open(KEY);
        List<HlsPlaylist.Entry> listed = write(stream, 10, 4);
        for (int i = 0; i < 10_000; i++) {
            stream.published(DiskSegments.playlist(listed, false), List.of());
        }
        stream.finish();
        disk.start();
        stop(disk);
        assertThat(DiskQueue.LINES.count("hls_disk_gap") - before).isEqualTo(2);
        assertThat(read("live/cam/vod_cam.m3u8").entries()).hasSize(2);
        assertThat(read("live/cam/vod_cam.m3u8").ended()).isTrue();
        assertThat(stream.remembered()).isLessThan(10);
    }

    @Test
    void aGapIsADiscontinuityOfTheRecording() throws Exception {
        HlsDisk disk = new HlsDisk(root, true, 2 * DiskSegments.SIZE);
        DiskStream stream = disk.open(KEY);
        List<HlsPlaylist.Entry> listed = new ArrayList<>(write(stream, 10, 3));
        stream.write();
        listed.addAll(write(stream, 13, 1));
        stream.published(DiskSegments.playlist(listed, true), List.of());
        stream.finish();
        stop(disk);
        String[] entries =
                Files.readString(root.resolve("live/cam/vod_cam.m3u8")).split("#EXTINF", -1);
        assertThat(entries).hasSize(4);
        assertThat(entries[1]).doesNotContain("#EXT-X-DISCONTINUITY\n");
        assertThat(entries[2]).contains("11.ts").contains("#EXT-X-DISCONTINUITY\n");
        assertThat(entries[3]).contains("13.ts");
    }

    /** A day of segments of ten seconds, as fast as they can be written. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDayOfSegmentsLeavesNoMoreInMemoryThanAMinute(boolean keep) throws Exception {
        HlsDisk disk = new HlsDisk(root, keep, 1 << 20);
        DiskStream stream = disk.open(KEY);
        List<HlsPlaylist.Entry> window = new ArrayList<>();
        int most = 0;
        for (int number = 0; number < 8_640; number++) {
            window.addAll(write(stream, number, 1));
            List<Long> gone = window.size() > 6 ? List.of(window.removeFirst().number()) : List.of();
            stream.published(DiskSegments.playlist(window, false), gone);
            stream.write();
            most = Math.max(most, stream.remembered());
        }
        stream.finish();
        stop(disk);
        assertThat(most).isLessThan(20);
        assertThat(files()).hasSize(keep ? 8_642 : 7);
        if (keep) {
            assertThat(read("live/cam/vod_cam.m3u8").entries()).hasSize(8_640);
        }
    }
}
