package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A finite clip is published and recorded by every protocol at once: from the first key frame that a recorder got, each
 * packet of the source is there, with the same payload, in the same order, decoded and shown at the same distances in
 * time, with one shift for both tracks. Who comes late gets metadata, configuration and a key frame first; and RTMP and
 * FLV carry the very bytes that were published. Some streams run at once, to save time.
 */
class PublishPlayIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int AT_ONCE = 4;
    /** When the late ones come, ms: two key frames have gone by. */
    private static final int LATE = 2_300;

    private static final int FIVE_HOURS = 5 * 3600;
    /** 2^33 ticks of 90 kHz are 95,443.7 s: the clip wraps in its middle. */
    private static final int BEFORE_THE_WRAP = 95_441;

    /** What is recorded counts audio in samples, the wire in milliseconds: one grain of each. */
    private static final Offset<Long> GRAIN = Offset.offset(1_000L);

    private static final Map<Source, Future<Recording>> RECORDINGS = new EnumMap<>(Source.class);

    private static XiuProcess server;
    private static ExecutorService streams;

    /** What is published. */
    enum Source {
        AVC_AAC(TestClips::avcAac, true),
        VIDEO_ONLY(TestClips::avcOnly, true),
        AUDIO_ONLY(TestClips::aacOnly, true),
        HEVC_AAC(TestClips::hevcAac, true),
        HEVC_BY_ITS_OLD_NUMBER(TestClips::hevcAac, true),
        MP3(TestClips::mp3Only, true),
        AVC_MP3(TestClips::avcMp3, true),
        AV1_OPUS(TestClips::av1Opus, false),
        VP9_AAC(TestClips::vp9Aac, false),
        VP9_OPUS(TestClips::vp9Opus, false),
        G711_A_LAW(TestClips::g711ALaw, false),
        G711_MU_LAW(TestClips::g711MuLaw, false),
        AFTER_FIVE_HOURS(TestClips::avcAac, true),
        ACROSS_THE_TS_WRAP(TestClips::avcAac, true);

        private final Supplier<Path> clip;
        private final boolean overHls;

        Source(Supplier<Path> clip, boolean overHls) {
            this.clip = clip;
            this.overHls = overHls;
        }

        private String stream() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** ffmpeg neither writes nor reads it. */
        private boolean isForeign() {
            return this == HEVC_BY_ITS_OLD_NUMBER;
        }

        private int start() {
            return this == AFTER_FIVE_HOURS ? FIVE_HOURS : this == ACROSS_THE_TS_WRAP ? BEFORE_THE_WRAP : 0;
        }

        private List<String> input() {
            String from = clip.get().toString();
            return List.of("-i", from, "-c", "copy", "-output_ts_offset", Integer.toString(start()));
        }

        /** As FLV, so that its times are those of the wire to the millisecond. */
        private Path flv() {
            Path flv = Workspace.temporary("source").resolve("source.flv");
            List<String> arguments = new ArrayList<>(input());
            arguments.add(flv.toString());
            MediaTools.ffmpeg(SOON, arguments.toArray(String[]::new));
            return flv;
        }

        /** The tags of its file as they are published. */
        private List<RawRtmp.Frame> tags(Path flv) {
            List<RawRtmp.Frame> tags = FlvFrames.of(flv);
            return isForeign() ? OldHevc.of(tags) : tags;
        }

        private void publish(Path flv) {
            if (isForeign()) {
                OldHevc.publish(server, stream(), tags(flv));
                return;
            }
            List<String> arguments = new ArrayList<>(List.of("-re"));
            arguments.addAll(input());
            arguments.addAll(List.of("-f", "flv", server.rtmp("live/" + stream())));
            try (ExternalProcess publisher = MediaTools.startFfmpeg(arguments.toArray(String[]::new))) {
                int exit = publisher.awaitExit(SOON);
                assertThat(exit).as(() -> publisher.describe("publisher")).isZero();
            }
        }
    }

    /** What came of a stream: files, and the bare messages of viewers that came early and late. */
    private record Recording(Path flv, List<RelayRecorder> recorders, List<RawRtmp.Frame> whole, List<Watcher> late) {}

    @BeforeAll
    static void start() {
        server = XiuProcess.start();
        streams = Executors.newFixedThreadPool(AT_ONCE);
        Stream.of(Source.values()).forEach(source -> RECORDINGS.put(source, streams.submit(() -> record(source))));
    }

    @AfterAll
    static void stop() {
        streams.shutdownNow();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyProtocolGivesWhatWasPublished(Source source) throws Exception {
        Recording recording = RECORDINGS.get(source).get(2, TimeUnit.MINUTES);
        PacketDump published = PacketDump.normalised(recording.flv);
        recording.recorders.forEach(recorder -> assertSame(recorder, published));
        List<RawRtmp.Frame> tags = source.tags(recording.flv);
        assertTags("from the beginning", recording.whole, tags);
        for (Watcher viewer : recording.late) {
            assertBegins(viewer.name, viewer.frames(), tags);
            assertTags(viewer.name, viewer.frames(), tags);
            assertThat(media(viewer.frames()).size())
                    .as(viewer.name + ": came late")
                    .isLessThan(media(tags).size() * 2 / 3);
        }
    }

    private static Recording record(Source source) throws Exception {
        String path = "live/" + source.stream();
        Path flv = source.flv();
        List<RelayRecorder> recorders = new ArrayList<>();
        List<Watcher> late = new ArrayList<>();
        try (ExecutorService publishing = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> publisher = publishing.submit(() -> source.publish(flv));
            server.awaitLog("event=publish .*stream=" + path, SOON);
            RelayRecorder whole = RelayRecorder.webSocket(server, path);
            recorders.add(whole);
            if (!source.isForeign()) {
                recorders.add(RelayRecorder.rtmp(server, path));
                recorders.add(RelayRecorder.httpFlv(server, path));
            }
            if (source.overHls) {
                recorders.add(RelayRecorder.hls(server, path));
            }
            await().atMost(SOON).until(() -> played(whole) > LATE);
            late.add(Watcher.rtmp(server.port("rtmp"), source.stream()));
            late.add(Watcher.httpFlv(server.port("httpflv"), source.stream()));
            recorders.forEach(RelayRecorder::awaitEnd);
            late.forEach(Watcher::awaitEnd);
            publisher.get();
            if (source.isForeign()) {
                recorders.remove(whole);
            }
            return new Recording(flv, recorders, FlvFrames.of(whole.file), late);
        } finally {
            recorders.forEach(RelayRecorder::close);
            late.forEach(Watcher::close);
        }
    }

    /** How much of the stream it has got, ms. */
    private static int played(RelayRecorder whole) {
        List<RawRtmp.Frame> media = whole.bytes() == 0 ? List.of() : media(FlvFrames.of(whole.file));
        return media.isEmpty()
                ? 0
                : media.getLast().timestamp() - media.getFirst().timestamp();
    }

    private static List<RawRtmp.Frame> media(List<RawRtmp.Frame> tags) {
        return tags.stream().filter(FlvFrames::isMedia).toList();
    }

    /** Metadata, the configuration of each track that has one, and, where there are pictures, a key frame. */
    private static void assertBegins(String name, List<RawRtmp.Frame> got, List<RawRtmp.Frame> published) {
        assertThat(got.getFirst().type()).as(name + ": metadata").isEqualTo(RawRtmp.DATA);
        List<ByteBuffer> configurations = published.stream()
                .filter(FlvFrames::isConfiguration)
                .map(tag -> ByteBuffer.wrap(tag.body()))
                .toList();
        assertThat(got.stream().skip(1).limit(configurations.size()).map(tag -> ByteBuffer.wrap(tag.body())))
                .as(name + ": configurations")
                .containsExactlyInAnyOrderElementsOf(configurations);
        List<RawRtmp.Frame> media = got.subList(configurations.size() + 1, got.size());
        assertThat(media).as(name + ": no configuration twice").noneMatch(FlvFrames::isConfiguration);
        media.stream()
                .filter(tag -> tag.type() == RawRtmp.VIDEO)
                .findFirst()
                .ifPresent(picture -> assertThat(FlvFrames.isKeyPicture(picture))
                        .as(name + ": the first picture is a key frame")
                        .isTrue());
    }

    /** The last messages of each kind, byte for byte, at the same distances in time, with one shift for both. */
    private static void assertTags(String name, List<RawRtmp.Frame> got, List<RawRtmp.Frame> published) {
        List<RawRtmp.Frame> all = media(published);
        int shift = all.getLast().timestamp() - media(got).getLast().timestamp();
        for (int type : List.of(RawRtmp.VIDEO, RawRtmp.AUDIO)) {
            List<RawRtmp.Frame> expected =
                    all.stream().filter(tag -> tag.type() == type).toList();
            List<RawRtmp.Frame> found =
                    media(got).stream().filter(tag -> tag.type() == type).toList();
            assertThat(found.isEmpty()).as(name + ": " + type).isEqualTo(expected.isEmpty());
            assertThat(found.size()).as(name + ": count").isLessThanOrEqualTo(expected.size());
            for (int i = 0; i < found.size(); i++) {
                RawRtmp.Frame origin = expected.get(expected.size() - found.size() + i);
                assertThat(found.get(i).body())
                        .as(name + ": body " + i + " of " + type)
                        .isEqualTo(origin.body());
                assertThat(found.get(i).timestamp() + shift)
                        .as(name + ": time " + i + " of " + type)
                        .isEqualTo(origin.timestamp());
            }
        }
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
        long shift = origin.pts() - first.pts();
        assertTrack(recorder.name + " video", got.video(), published.video(), shift);
        assertTrack(recorder.name + " audio", got.audio(), published.audio(), shift);
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
            assertThat(packet.dts() + shift)
                    .as(name + " dts")
                    .isCloseTo(expected.get(i).dts(), GRAIN);
        }
    }
}
