package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** mpv, GStreamer, VLC and rtmpdump play what ffmpeg publishes, all at once; GStreamer publishes. */
@Tag("long")
class RealPlayersIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int FRAME_BYTES = 320 * 180 * 3 / 2;
    private static final int FRAMES = 45;
    /** 25 pictures in a second, 1024 samples at 44.1 kHz; µs. */
    private static final long FRAME_TIME = 40_000;

    private static final long SOUND_TIME = 23_220;
    private static final Offset<Long> GRAIN = Offset.offset(1_000L);

    private static XiuProcess server;
    private static ExternalProcess publisher;

    /** A running player and the file that it writes; one that does not end by itself is ended at a size. */
    private record Player(String name, Path file, ExternalProcess process, long enough) {
        private static Player start(String name, long enough, BiFunction<Path, String, List<String>> line, String url) {
            Path file = Workspace.temporary("played").resolve(name);
            return new Player(
                    name,
                    file,
                    ExternalProcess.start(file.getParent(), Map.of("HOME", "/nonexistent"), line.apply(file, url)),
                    enough);
        }

        private void awaitPlayed() {
            try {
                Awaitility.await(process.describe(name))
                        .atMost(SOON)
                        .until(() -> !process.isAlive() || Files.exists(file) && Files.size(file) >= enough);
            } finally {
                if (process.isAlive()) {
                    process.signal("INT");
                    process.awaitExit(SOON);
                }
            }
        }
    }

    @BeforeAll
    static void start() {
        server = XiuProcess.start("[hls]\nfragment = 1\n");
        publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live/played"));
        server.awaitLog("event=publish .*stream=live/played", SOON);
    }

    @AfterAll
    static void stop() {
        publisher.close();
        server.close();
    }

    @Test
    void playersShowThePicturesThatWerePublished() {
        Map<String, String> urls = new TreeMap<>(Map.of(
                "rtmp", server.rtmp("live/played"),
                "http-flv", server.httpFlv("live/played"),
                "http-ts", server.httpTs("live/played"),
                "hls", server.hls("live/played")));
        List<Player> decoding = new ArrayList<>();
        List<Player> transcoding = new ArrayList<>();
        urls.forEach((protocol, url) -> {
            decoding.add(Player.start("mpv-" + protocol + ".nut", Long.MAX_VALUE, RealPlayersIT::mpv, url));
            decoding.add(Player.start(
                    "gstreamer-" + protocol + ".yuv", (FRAMES + 5L) * FRAME_BYTES, RealPlayersIT::gstreamer, url));
            transcoding.add(Player.start("vlc-" + protocol + ".ts", Long.MAX_VALUE, RealPlayersIT::vlc, url));
        });
        try {
            List<String> pictures = pictures();
            decoding.forEach(player -> assertShows(player, pictures));
            transcoding.forEach(RealPlayersIT::assertTranscodes);
        } finally {
            decoding.forEach(player -> player.process.close());
            transcoding.forEach(player -> player.process.close());
        }
    }

    @Test
    void rtmpdumpSavesThePacketsThatWerePublished() {
        Player player = Player.start("rtmpdump.flv", 150_000, RealPlayersIT::rtmpdump, server.rtmp("live/played"));
        try (ExternalProcess process = player.process) {
            player.awaitPlayed();
            PacketDump got = PacketDump.normalised(player.file);
            PacketDump source = PacketDump.normalised(TestClips.avcAac());
            assertThat(got.video().packets().getFirst().keyFrame()).isTrue();
            assertFollows(got.video().hashes(), source.video().hashes());
            GoodStream.assertLoops(
                    process.describe("audio"),
                    got.audio().hashes(),
                    source.audio().hashes());
            assertThat(got.audio().packets()).hasSizeGreaterThan(FRAMES);
            assertSteps("rtmpdump video", got.video(), source.video().hashes(), PacketDump.Packet::dts, FRAME_TIME);
            assertSteps("rtmpdump audio", got.audio(), source.audio().hashes(), PacketDump.Packet::dts, SOUND_TIME);
        }
    }

    @Test
    void gstreamerPublishes() {
        String url = server.rtmp("live/gstreamer");
        List<String> line = words(
                "gst-launch-1.0 -q videotestsrc is-live=true num-buffers=100"
                        + " ! video/x-raw,width=320,height=180,framerate=25/1 ! openh264enc gop-size=25 ! h264parse"
                        + " ! flvmux name=flv streamable=true ! rtmp2sink location=%s"
                        + " audiotestsrc is-live=true num-buffers=170 ! avenc_aac ! aacparse ! flv.",
                url);
        try (ExternalProcess gstreamer = ExternalProcess.start(Workspace.directory("work"), Map.of(), line)) {
            server.awaitLog("event=publish .*stream=live/gstreamer", SOON);
            try (RelayRecorder recorder = RelayRecorder.rtmpUrl(url)) {
                recorder.awaitEnd();
                PacketDump got = PacketDump.of(recorder.file);
                assertThat(got.video().packets())
                        .as(gstreamer.describe("video"))
                        .hasSizeGreaterThan(FRAMES);
                assertThat(got.video().packets().getFirst().keyFrame()).isTrue();
                assertThat(got.audio().packets()).hasSizeGreaterThan(FRAMES);
            }
            assertThat(gstreamer.awaitExit(SOON)).isZero();
        }
    }

    private static List<String> mpv(Path file, String url) {
        return words(
                "mpv --no-config --no-terminal --end=+3 --of=nut --ovc=rawvideo --oac=pcm_s16le --o=%s %s", file, url);
    }

    private static List<String> gstreamer(Path file, String url) {
        String source = url.startsWith("rtmp") ? "rtmp2src" : "souphttpsrc is-live=true";
        return words(
                "gst-launch-1.0 -q %s location=%s ! decodebin ! video/x-raw ! videoconvert"
                        + " ! video/x-raw,format=I420 ! filesink buffer-mode=unbuffered location=%s",
                source, url, file);
    }

    /** VLC will not run as root, and another user need not be able to write here: the shell opens the file. */
    private static List<String> vlc(Path file, String url) {
        boolean root = System.getProperty("user.name").equals("root");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >\"$0\"", file.toString()));
        command.addAll(words(root ? "setpriv --reuid=65534 --regid=65534 --clear-groups cvlc" : "cvlc"));
        command.addAll(words("-I dummy --run-time=3 --sout"));
        command.add("#transcode{vcodec=mp2v,vb=800,acodec=mpga,ab=64}:std{access=file,mux=ts,dst=-}");
        command.addAll(words("%s vlc://quit", url));
        return command;
    }

    private static List<String> rtmpdump(Path file, String url) {
        return words("rtmpdump --live -r %s -o %s", url, file);
    }

    private static List<String> words(String line, Object... arguments) {
        return List.of(line.formatted(arguments).split(" "));
    }

    /** The clip's pictures as a decoder gives them: decoding H.264 leaves no room for rounding. */
    private static List<String> pictures() {
        Path raw = Workspace.temporary("pictures").resolve("pictures.nut");
        String clip = TestClips.avcAac().toString();
        MediaTools.ffmpeg(SOON, "-i", clip, "-an", "-c:v", "rawvideo", "-pix_fmt", "yuv420p", raw.toString());
        return PacketDump.of(raw).video().hashes();
    }

    private static void assertShows(Player player, List<String> pictures) {
        player.awaitPlayed();
        boolean bare = player.name.endsWith(".yuv");
        PacketDump got = bare
                ? PacketDump.of(
                        whole(player.file), "-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", "320x180")
                : PacketDump.of(player.file);
        List<String> shown = got.video().hashes();
        assertThat(shown.stream().distinct())
                .as(player.process.describe(player.name + ": pictures"))
                .hasSizeGreaterThan(FRAMES);
        assertThat(pictures).as(player.name).containsAll(shown);
        if (!bare) {
            assertSteps(player.name, got.video(), pictures, PacketDump.Packet::pts, FRAME_TIME);
        }
        assertThat(bare
                        || got.audio().packets().stream()
                                        .mapToInt(PacketDump.Packet::size)
                                        .sum()
                                > 100_000)
                .as(player.name + ": sound")
                .isTrue();
    }

    private static void assertTranscodes(Player player) {
        player.awaitPlayed();
        PacketDump got = PacketDump.of(player.file);
        assertThat(got.video().packets())
                .as(player.process.describe(player.name + ": pictures"))
                .hasSizeGreaterThan(FRAMES);
        assertThat(got.audio().packets()).as(player.name + ": sound").hasSizeGreaterThan(FRAMES);
        assertThat(PacketDump.codec(player.file, "v")).isEqualTo("mpeg2video");
        List<PacketDump.Packet> pictures = got.video().packets();
        assertThat(pictures.getLast().pts() - pictures.getFirst().pts())
                .as(player.name + ": time passes")
                .isGreaterThan(FRAMES * FRAME_TIME * 3 / 4);
    }

    /** Time goes by as the rate says, except where the clip begins again, and where one was left out. */
    private static void assertSteps(
            String name, PacketDump got, List<String> source, ToLongFunction<PacketDump.Packet> time, long step) {
        int steps = 0;
        for (int i = 1; i < got.packets().size(); i++) {
            int place = source.indexOf(got.packets().get(i).hash());
            if (place > 0
                    && source.get(place - 1).equals(got.packets().get(i - 1).hash())) {
                steps++;
                assertThat(time.applyAsLong(got.packets().get(i))
                                - time.applyAsLong(got.packets().get(i - 1)))
                        .as(name + ": step " + i)
                        .isCloseTo(step, GRAIN);
            }
        }
        assertThat(steps).as(name + ": steps").isGreaterThan(FRAMES / 2);
    }

    /** Each is the next of the source, which begins again at its end. */
    private static void assertFollows(List<String> got, List<String> source) {
        assertThat(got).hasSizeGreaterThan(FRAMES);
        int first = source.indexOf(got.getFirst());
        for (int i = 0; i < got.size(); i++) {
            assertThat(got.get(i)).as("frame " + i).isEqualTo(source.get((first + i) % source.size()));
        }
    }

    /** Without the part of a frame that the player was writing when it was ended. */
    private static String whole(Path raw) {
        try (var file = FileChannel.open(raw, StandardOpenOption.WRITE)) {
            file.truncate(file.size() / FRAME_BYTES * FRAME_BYTES);
            return raw.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
