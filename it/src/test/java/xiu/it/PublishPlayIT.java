package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A finite clip is published by ffmpeg and recorded by every protocol at once: from the first key frame that a recorder
 * got, each packet of the source is there, with the same payload, in the same (decoding) order, shown at the same
 * distances in time, with one shift for both tracks.
 */
class PublishPlayIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int FIVE_HOURS = 5 * 3600;
    /** 2^33 ticks of 90 kHz are 95,443.7 s: the clip wraps in its middle. */
    private static final int BEFORE_THE_WRAP = 95_441;

    /** What is recorded counts audio in samples, the wire in milliseconds: one grain of each. */
    private static final Offset<Long> GRAIN = Offset.offset(1_000L);

    private static XiuProcess server;

    /** What is published. */
    enum Source {
        AVC_AAC(TestClips::avcAac, 0, true),
        VIDEO_ONLY(TestClips::avcOnly, 0, true),
        AUDIO_ONLY(TestClips::aacOnly, 0, true),
        HEVC_AAC(TestClips::hevcAac, 0, true),
        MP3(TestClips::mp3Only, 0, true),
        AV1_OPUS(TestClips::av1Opus, 0, false),
        AFTER_FIVE_HOURS(TestClips::avcAac, FIVE_HOURS, true),
        ACROSS_THE_TS_WRAP(TestClips::avcAac, BEFORE_THE_WRAP, true);

        private final Supplier<Path> clip;
        private final int start;
        private final boolean overHls;

        Source(Supplier<Path> clip, int start, boolean overHls) {
            this.clip = clip;
            this.start = start;
            this.overHls = overHls;
        }

        /** As FLV, so that its times are those of the wire to the millisecond. */
        private Path flv() {
            Path flv = Workspace.temporary("source").resolve("source.flv");
            MediaTools.ffmpeg(
                    SOON,
                    "-i",
                    clip.get().toString(),
                    "-c",
                    "copy",
                    "-output_ts_offset",
                    Integer.toString(start),
                    flv.toString());
            return flv;
        }
    }

    @BeforeAll
    static void start() {
        server = XiuProcess.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyProtocolGivesWhatWasPublished(Source source) {
        Path flv = source.flv();
        String path = "live/" + source.name().toLowerCase(java.util.Locale.ROOT);
        List<RelayRecorder> recorders = new ArrayList<>();
        try (ExternalProcess publisher = MediaTools.startFfmpeg(
                "-re",
                "-i",
                source.clip.get().toString(),
                "-c",
                "copy",
                "-output_ts_offset",
                Integer.toString(source.start),
                "-f",
                "flv",
                server.rtmp(path))) {
            server.awaitLog("event=publish .*stream=" + path, SOON);
            recorders.add(RelayRecorder.rtmp(server, path));
            recorders.add(RelayRecorder.httpFlv(server, path));
            recorders.add(RelayRecorder.webSocket(server, path));
            if (source.overHls) {
                recorders.add(RelayRecorder.hls(server, path));
            }
            recorders.forEach(RelayRecorder::awaitEnd);
            int exit = publisher.awaitExit(SOON);
            assertThat(exit).as(() -> publisher.describe("publisher")).isZero();
        } finally {
            recorders.forEach(RelayRecorder::close);
        }
        PacketDump published = PacketDump.normalised(flv);
        recorders.forEach(recorder -> assertSame(recorder, published));
    }

    private static void assertSame(RelayRecorder recorder, PacketDump published) {
        PacketDump got = PacketDump.normalised(recorder.file);
        boolean video = !published.video().packets().isEmpty();
        PacketDump lead = video ? got.video() : got.audio();
        assertThat(lead.packets()).as(recorder.name + ": packets").hasSizeGreaterThan(40);
        PacketDump.Packet first = lead.packets().getFirst();
        assertThat(first.keyFrame())
                .as(recorder.name + ": begins with a key frame")
                .isTrue();
        PacketDump.Packet origin = (video ? published.video() : published.audio())
                .from(first.hash())
                .packets()
                .getFirst();
        assertTrack(recorder.name + " video", got.video(), published.video(), origin.pts() - first.pts());
        assertTrack(recorder.name + " audio", got.audio(), published.audio(), origin.pts() - first.pts());
    }

    /** One shift for both tracks, so that the offset between them is kept. */
    private static void assertTrack(String name, PacketDump got, PacketDump published, long shift) {
        if (published.packets().isEmpty()) {
            assertThat(got.packets()).as(name).isEmpty();
            return;
        }
        List<PacketDump.Packet> expected =
                published.from(got.hashes().getFirst()).packets();
        assertThat(got.hashes())
                .as(name)
                .isEqualTo(published.from(got.hashes().getFirst()).hashes());
        for (int i = 0; i < expected.size(); i++) {
            PacketDump.Packet packet = got.packets().get(i);
            assertThat(packet.pts() + shift)
                    .as(name + " pts")
                    .isCloseTo(expected.get(i).pts(), GRAIN);
        }
    }
}
