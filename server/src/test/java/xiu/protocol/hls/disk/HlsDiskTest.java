package xiu.protocol.hls.disk;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

class HlsDiskTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

    @TempDir
    private Path root;

    @AfterEach
    void release() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void writesSegmentsAndThePlaylistAndDeletesWhatIsGone() throws Exception {
        HlsDisk disk = started(false);
        DiskStream stream = disk.open(KEY);
        List<HlsPlaylist.Entry> three = write(stream, 10, 3);
        stream.published(DiskSegments.playlist(three.subList(1, 3), false), DiskSegments.numbers(three.subList(0, 1)));
        stop(disk);
        assertThat(files("live/test")).containsExactly("11.ts", "12.ts", "test.m3u8");
        PlaylistCheck.Playlist there = PlaylistCheck.parse(read("live/test/test.m3u8"));
        assertThat(there.sequence()).isEqualTo(11);
        byte[] eleven = Files.readAllBytes(root.resolve("live/test/11.ts"));
        assertThat(eleven).hasSize(DiskSegments.SIZE);
        assertThat(eleven[3]).isEqualTo((byte) 11);
    }

    @Test
    void aStreamThatIsNotRecordedLeavesNothing() throws Exception {
        HlsDisk disk = started(false);
        DiskStream stream = disk.open(KEY);
        stream.published(DiskSegments.playlist(write(stream, 10, 3), true), List.of());
        stream.finish();
        stream.erase();
        stop(disk);
        assertThat(root).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"live, test", "live/test, below", "live, other"})
    void whereAFormerStreamTookItsFoldersAwayTheyAreMadeAgain(String app, String name) throws Exception {
        HlsDisk disk = started(false);
        DiskStream former = disk.open(new StreamKey(app, name));
        DiskStream next = disk.open(KEY);
        former.erase();
        next.published(DiskSegments.playlist(write(next, 20, 2), false), List.of());
        former.erase();
        stop(disk);
        assertThat(files("live/test")).containsExactly("20.ts", "21.ts", "test.m3u8");
        assertThat(root.resolve("live"))
                .isDirectoryContaining("glob:**/test")
                .isDirectoryNotContaining("glob:**/other");
    }

    @Test
    void aFormerStreamDoesNotTakeTheNewPlaylistAway() throws Exception {
        HlsDisk disk = started(false);
        DiskStream former = disk.open(KEY);
        former.published(DiskSegments.playlist(write(former, 10, 2), true), List.of());
        DiskStream next = disk.open(KEY);
        next.published(DiskSegments.playlist(write(next, 20, 2), false), List.of());
        former.erase();
        stop(disk);
        assertThat(files("live/test")).containsExactly("20.ts", "21.ts", "test.m3u8");
    }

    @Test
    void recordingsKeepEverythingAndEndInAVodPlaylist() throws Exception {
        HlsDisk disk = started(true);
        DiskStream stream = disk.open(KEY);
        List<HlsPlaylist.Entry> four = write(stream, 10, 4);
        stream.published(DiskSegments.playlist(four.subList(2, 4), false), DiskSegments.numbers(four.subList(0, 2)));
        stream.finish();
        stream.erase();
        stop(disk);
        assertThat(files("live/test"))
                .containsExactly("10.ts", "11.ts", "12.ts", "13.ts", "test.m3u8", "vod_test.m3u8");
        PlaylistCheck.Playlist vod = PlaylistCheck.parse(read("live/test/vod_test.m3u8"));
        assertThat(vod.ended()).isTrue();
        assertThat(vod.entries()).hasSize(4);
        assertThat(read("live/test/vod_test.m3u8")).contains("#EXT-X-PLAYLIST-TYPE:VOD\n");
    }

    @Test
    void aSecondRecordingDoesNotOverwriteTheFirst() throws Exception {
        record(10);
        String first = read("live/test/vod_test.m3u8");
        record(50);
        assertThat(read("live/test/vod_test.m3u8")).isEqualTo(first);
        assertThat(PlaylistCheck.parse(read("live/test/vod_test_50.m3u8")).sequence())
                .isEqualTo(50);
    }

    private void record(long from) throws Exception {
        HlsDisk disk = started(true);
        DiskStream stream = disk.open(KEY);
        stream.published(DiskSegments.playlist(write(stream, from, 2), true), List.of());
        stream.finish();
        stop(disk);
    }

    @ParameterizedTest
    @ValueSource(strings = {".vod_10.journal", ".vod_test_10.m3u8.journal"})
    void whatACrashLeftBehindIsFinished(String name) throws Exception {
        HlsDisk disk = started(true);
        DiskStream stream = disk.open(KEY);
        stream.published(DiskSegments.playlist(write(stream, 10, 2), false), List.of());
        stop(disk); // without an end
        Path left = root.resolve("live/test/.vod_10.journal");
        // Earlier versions named it otherwise.
        Path journal = Files.move(left, root.resolve("live/test").resolve(name), REPLACE_EXISTING);
        Files.writeString(journal, Files.readString(journal) + "#EXT-X-PROGRAM-DATE-TI");
        Files.writeString(root.resolve("live/test/.11.ts.part"), "half");
        HlsDisk again = started(true);
        DiskStream next = again.open(KEY);
        stop(again);
        assertThat(next.lastNumber()).isEqualTo(11);
        assertThat(PlaylistCheck.parse(read("live/test/vod_test.m3u8")).entries())
                .hasSize(2);
        assertThat(files("live/test")).containsExactly("10.ts", "11.ts", "test.m3u8", "vod_test.m3u8");
    }

    @Test
    void aSegmentThatIsThereIsNotOverwritten() throws Exception {
        Files.createDirectories(root.resolve("live/test"));
        Files.writeString(root.resolve("live/test/11.ts"), "mine");
        HlsDisk disk = started(false);
        DiskStream stream = disk.open(KEY);
        stream.published(DiskSegments.playlist(write(stream, 10, 3), false), List.of());
        stop(disk);
        assertThat(read("live/test/11.ts")).isEqualTo("mine");
        assertThat(PlaylistCheck.parse(read("live/test/test.m3u8")).sequence()).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "live/test"})
    void aSymbolicLinkLeadsNowhere(String link, @TempDir Path elsewhere) throws Exception {
        Path at = root.resolve(link);
        Files.createDirectories(at.getParent());
        Files.createSymbolicLink(at, elsewhere);
        HlsDisk disk = started(false);
        DiskStream stream = disk.open(KEY);
        stream.published(DiskSegments.playlist(write(stream, 10, 1), false), List.of());
        stop(disk);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aLinkInPlaceOfThePlaylistIsReplacedAndNotFollowed(@TempDir Path elsewhere) throws Exception {
        Path target = Files.writeString(elsewhere.resolve("secret"), "mine");
        Files.createDirectories(root.resolve("live/test"));
        Files.createSymbolicLink(root.resolve("live/test/test.m3u8"), target);
        HlsDisk disk = started(false);
        DiskStream stream = disk.open(KEY);
        stream.published(DiskSegments.playlist(write(stream, 10, 1), false), List.of());
        stop(disk);
        assertThat(target).hasContent("mine");
        assertThat(read("live/test/test.m3u8")).startsWith("#EXTM3U");
    }

    @Test
    void aFolderThatCannotBeMadeStopsNothing() throws Exception {
        Files.writeString(root.resolve("live"), "a file");
        HlsDisk disk = started(true);
        DiskStream stream = disk.open(KEY);
        stream.published(DiskSegments.playlist(write(stream, 10, 3), false), List.of());
        stream.finish();
        stream.erase();
        stop(disk);
        assertThat(root.resolve("live")).hasContent("a file");
    }

    @Test
    void whatWaitsIsBounded() throws Exception {
        HlsDisk disk = new HlsDisk(root, false, 2 * DiskSegments.SIZE - 1);
        DiskStream stream = disk.open(KEY);
        List<HlsPlaylist.Entry> three = write(stream, 10, 3);
        stream.published(DiskSegments.playlist(three, false), List.of());
        disk.start();
        stop(disk);
        assertThat(files("live/test")).containsExactly("10.ts");
    }

    @Test
    void whoReadsTheFolderMeanwhileNeverSeesHalfAFile() throws Exception {
        HlsDisk disk = started(false);
        DiskStream stream = disk.open(KEY);
        stream.published(DiskSegments.playlist(write(stream, 10, 200), false), List.of());
        Path live = root.resolve("live/test/test.m3u8");
        await().until(() -> Files.exists(live));
        for (int i = 0; i < 200; i++) {
            long number = 300 + i;
            stream.published(DiskSegments.playlist(write(stream, number, 1), false), List.of());
            for (boolean there = false;
                    !there;
                    there = read("live/test/test.m3u8").contains("\n" + number + ".ts\n")) {
                // Throws when anything is missing.
                PlaylistCheck.parse(Files.readString(live));
            }
            assertThat(Files.size(root.resolve("live/test/" + number + ".ts"))).isEqualTo(DiskSegments.SIZE);
        }
        stop(disk);
    }

    private HlsDisk started(boolean keep) {
        HlsDisk disk = new HlsDisk(root, keep, 1 << 20);
        disk.start();
        return disk;
    }

    private static void stop(HlsDisk disk) throws Exception {
        disk.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private List<HlsPlaylist.Entry> write(DiskStream stream, long from, int count) {
        return DiskSegments.write(allocator, stream, from, count);
    }

    private String read(String file) throws IOException {
        return Files.readString(root.resolve(file));
    }

    private List<String> files(String folder) throws IOException {
        try (Stream<Path> there = Files.list(root.resolve(folder))) {
            return there.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
