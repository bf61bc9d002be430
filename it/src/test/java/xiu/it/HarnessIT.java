package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tools of the other tests do what those rely on. */
class HarnessIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void clipsAreWhatTheirNamesSay() {
        assertThat(codecs(TestClips.avcAac())).isEqualTo("h264 aac");
        assertThat(codecs(TestClips.avcOnly())).isEqualTo("h264 ");
        assertThat(codecs(TestClips.aacOnly())).isEqualTo(" aac");
        assertThat(codecs(TestClips.mp3Only())).isEqualTo(" mp3");
        assertThat(codecs(TestClips.hevcAac())).isEqualTo("hevc aac");
        assertThat(codecs(TestClips.av1Opus())).isEqualTo("av1 opus");
        assertThat(codecs(TestClips.vp9Aac())).isEqualTo("vp9 aac");
    }

    @Test
    void theClipHasReorderedFramesAndAKeyFrameEachSecond() {
        List<PacketDump.Packet> video =
                PacketDump.of(TestClips.avcAac()).video().packets();
        assertThat(video).hasSize(125).anyMatch(packet -> packet.pts() != packet.dts());
        assertThat(video.stream().filter(PacketDump.Packet::keyFrame)).hasSize(5);
        assertThat(video).isSortedAccordingTo((a, b) -> Long.compare(a.dts(), b.dts()));
    }

    @Test
    void normalisedPacketsAreTheSameInEveryContainer() {
        for (Path clip : List.of(TestClips.avcAac(), TestClips.hevcAac())) {
            Path directory = Workspace.temporary("containers");
            PacketDump original = PacketDump.normalised(clip);
            for (String name : List.of("copy.flv", "copy.ts")) {
                Path copy = directory.resolve(name);
                MediaTools.ffmpeg(SOON, "-i", clip.toString(), "-c", "copy", copy.toString());
                assertThat(PacketDump.normalised(copy).video().hashes())
                        .as(name)
                        .isEqualTo(original.video().hashes())
                        .doesNotHaveDuplicates();
                assertThat(PacketDump.normalised(copy).audio().hashes())
                        .as(name)
                        .isEqualTo(original.audio().hashes());
            }
        }
    }

    @Test
    void programsThatFailOrHangAreReportedWithWhatTheyWrote() {
        assertThatThrownBy(() -> ExternalProcess.run(SOON, "sh", "-c", "echo said; exit 3"))
                .hasMessageContaining("exit code: 3")
                .hasMessageContaining("said");
        assertThatThrownBy(() -> ExternalProcess.run(Duration.ofMillis(200), "sleep", "60"))
                .hasMessageContaining("still running");
        try (ExternalProcess process = ExternalProcess.start(
                Workspace.temporary("env"), Map.of("WORD", "hello"), List.of("sh", "-c", "echo $WORD; sleep 60"))) {
            assertThat(process.awaitText("^hel+o$", SOON).group()).isEqualTo("hello");
            assertThatThrownBy(() -> process.awaitText("never", Duration.ofMillis(100)))
                    .hasMessageContaining("never");
            process.kill();
            assertThat(process.isAlive()).isFalse();
        }
    }

    @Test
    void settingsStayOnLoopback() {
        assertThat(TestSettings.onLoopback("[rtmp]\nport = 1\n[rtmp.pull]\nenabled = false\n[hls]\nenabled = false\n"))
                .isEqualTo("""
                        [httpflv]
                        address = "127.0.0.1"
                        port = 0
                        [rtmp]
                        address = "127.0.0.1"
                        port = 1
                        [rtmp.pull]
                        enabled = false
                        [hls]
                        address = "127.0.0.1"
                        port = 0
                        enabled = false
                        """);
        assertThat(TestSettings.enabled("[rtmp.pull]\nenabled = false\n[hls]\nenabled = false\n"))
                .containsExactly("httpflv", "rtmp");
    }

    @Test
    void leaksAndStackTracesAreFaultsOfTheServer() {
        String good = "INFO rtmp: session=3 event=closed reason=\"chunk size: 0 (expected: 1 to 65536)\"\n";
        assertThat(XiuProcess.faults(good + "WARN limits: refused=12\n")).isEmpty();
        assertThat(XiuProcess.faults(good + "ERROR ResourceLeakDetector LEAK: ByteBuf.release() was not called\n"))
                .hasSize(1);
        assertThat(XiuProcess.faults(
                        "WARN fault\njava.lang.IllegalStateException: x\n\tat xiu.medialog.A.b(A.java:1)\n"))
                .hasSize(2);
        assertThat(XiuProcess.faults("Caused by: java.lang.OutOfMemoryError: direct\n"))
                .hasSize(1);
    }

    private static String codecs(Path clip) {
        return PacketDump.codec(clip, "v") + " " + PacketDump.codec(clip, "a");
    }
}
