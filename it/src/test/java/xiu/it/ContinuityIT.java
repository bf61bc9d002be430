package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Publishers that die, fall silent, come back, say goodbye or are pushed aside, and what their viewers get of it. */
class ContinuityIT {
    /** A stream whose publisher was lost would end after sixty seconds at the earliest. */
    private static final Duration WELL_WITHIN_GRACE = Duration.ofSeconds(8);

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String SETTINGS = """
            [hls]
            fragment = 1
            [stream]
            publish_timeout = 2
            grace = %d
            """;

    /** Media that come faster than they play are kept until they are read, so that each break is the publisher's own. */
    private static final String KEEPING = """
            [hls]
            fragment = 1
            [rtmp]
            gop_num = 64
            [stream]
            publish_timeout = 60
            [limits]
            log_bytes = "64MiB"
            log_packets = 100000
            log_duration = 3600
            """;

    /** A server that waits for a publisher makes up for the time it was away with one frame's, not with the whole of it. */
    private static final long LONGEST_HOLE = 1_000_000;

    private static XiuProcess patient;
    private static XiuProcess brief;

    @BeforeAll
    static void start() {
        patient = XiuProcess.start(SETTINGS.formatted(60));
        brief = XiuProcess.start(SETTINGS.formatted(1));
    }

    @AfterAll
    static void stop() {
        patient.close();
        brief.close();
    }

    private static ExternalProcess publisher(XiuProcess server, String path) {
        return MediaTools.publishForEver(TestClips.avcAac(), server.rtmp(path));
    }

    private static List<RelayRecorder> recorders(XiuProcess server, String path) {
        server.awaitLog("event=publish .*stream=" + path + "$", SOON);
        List<RelayRecorder> recorders = List.of(
                RelayRecorder.rtmp(server, path), RelayRecorder.httpFlv(server, path), RelayRecorder.hls(server, path));
        awaitMore(recorders);
        return recorders;
    }

    /** All of them go on, with a second of media at least. */
    private static void awaitMore(List<RelayRecorder> recorders) {
        Map<RelayRecorder, Long> before = new HashMap<>();
        recorders.forEach(recorder -> before.put(recorder, recorder.bytes()));
        await().atMost(SOON)
                .until(() -> recorders.stream().allMatch(recorder -> recorder.bytes() > before.get(recorder) + 40_000));
        assertThat(recorders).allMatch(RelayRecorder::isPlaying);
    }

    private static String playlist(XiuProcess server, String path) {
        return fetch(server.hls(path)).body();
    }

    private static HttpResponse<String> fetch(String url) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url)).build(),
                    HttpResponse.BodyHandlers.ofString(java.nio.charset.StandardCharsets.ISO_8859_1));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Times never run back, and a decoder finds nothing to complain of. */
    private static void assertContinuous(Path file, String name) {
        PacketDump dump = PacketDump.of(file);
        for (PacketDump track : List.of(dump.video(), dump.audio())) {
            long last = Long.MIN_VALUE;
            for (PacketDump.Packet packet : track.packets()) {
                assertThat(packet.dts()).as(name + ": dts").isGreaterThanOrEqualTo(last);
                if (last != Long.MIN_VALUE) {
                    assertThat(packet.dts() - last).as(name + ": a hole").isLessThan(LONGEST_HOLE);
                }
                last = packet.dts();
            }
        }
        MediaTools.ffmpeg(SOON, MediaTools.decoding(file));
    }

    /** Each frame follows the one before it in the source; where it does not, a key frame does. */
    private static void assertGaps(RelayRecorder recorder, int most) {
        List<String> source = PacketDump.normalised(TestClips.avcAac()).video().hashes();
        List<PacketDump.Packet> got =
                PacketDump.normalised(recorder.file).video().packets();
        int gaps = 0;
        for (int i = 1; i < got.size(); i++) {
            int before = source.indexOf(got.get(i - 1).hash());
            int now = source.indexOf(got.get(i).hash());
            assertThat(now).as(recorder.name + ": frame " + i).isNotNegative();
            if (now != (before + 1) % source.size()) {
                gaps++;
                assertThat(got.get(i).keyFrame())
                        .as(recorder.name + ": begins again with a key frame at " + i)
                        .isTrue();
            }
        }
        assertThat(gaps).as(recorder.name + ": gaps").isLessThanOrEqualTo(most);
    }

    @Test
    void viewersStayWhileTheirPublisherIsKilledOrFrozenAndComesBack() {
        String path = "live/returns";
        try (ExternalProcess killed = publisher(patient, path)) {
            List<RelayRecorder> viewers = recorders(patient, path);
            try {
                killed.kill();
                patient.awaitLog("event=session_end .*published=" + path + " reason=CONNECTION_LOST", SOON);
                try (ExternalProcess frozen = publisher(patient, path)) {
                    awaitMore(viewers);
                    assertThat(playlist(patient, path)).contains("#EXT-X-DISCONTINUITY\n");
                    frozen.signal("STOP");
                    patient.awaitLog("event=session_end .*published=" + path + " reason=TIMED_OUT", SOON);
                    frozen.kill();
                }
                try (ExternalProcess last = publisher(patient, path)) {
                    awaitMore(viewers);
                    last.signal("INT");
                    last.awaitExit(SOON);
                    viewers.forEach(RelayRecorder::awaitEnd);
                }
                viewers.forEach(viewer -> assertGaps(viewer, 2));
                // A discontinuity of HLS is a new beginning for ffmpeg too, so that only FLV has one line of times.
                viewers.subList(0, 2).forEach(viewer -> assertContinuous(viewer.file, viewer.name));
                assertThat(patient.log()).doesNotContainPattern("event=play_end .*reason=TOO_SLOW");
            } finally {
                viewers.forEach(RelayRecorder::close);
            }
        }
    }

    @Test
    void viewersOfAPublisherThatDoesNotComeBackAreEndedAsByAGoodbye() {
        String path = "live/lost";
        try (ExternalProcess publisher = publisher(brief, path)) {
            List<RelayRecorder> viewers = recorders(brief, path);
            try (RawRtmp player = RawRtmp.playing(brief, "lost").await("NetStream.Play.Start")) {
                publisher.kill();
                assertIsToldTheEnd(player);
                viewers.forEach(RelayRecorder::awaitEnd);
                assertEndsWell(brief, path);
                viewers.forEach(viewer -> assertGaps(viewer, 0));
            } finally {
                viewers.forEach(RelayRecorder::close);
            }
        }
    }

    @Test
    void aGoodbyeEndsTheStreamAtOnce() {
        String path = "live/goodbye";
        try (ExternalProcess publisher = publisher(patient, path)) {
            List<RelayRecorder> viewers = recorders(patient, path);
            try (RawRtmp player = RawRtmp.playing(patient, "goodbye").await("NetStream.Play.Start")) {
                publisher.signal("INT");
                patient.awaitLog("event=session_end .*published=(-|" + path + ") reason=GOODBYE", SOON);
                await().atMost(WELL_WITHIN_GRACE)
                        .until(() -> playlist(patient, path).contains("#EXT-X-ENDLIST"));
                assertIsToldTheEnd(player);
                viewers.forEach(RelayRecorder::awaitEnd);
                assertEndsWell(patient, path);
                assertThat(RawHttp.get(patient.port("httpflv"), "/" + path + ".flv"))
                        .isEqualTo(404);
                viewers.forEach(viewer -> assertGaps(viewer, 0));
            } finally {
                viewers.forEach(RelayRecorder::close);
            }
        }
    }

    /** Stream EOF and the notice; the connection is the player's to close. */
    private static void assertIsToldTheEnd(RawRtmp player) {
        player.await("NetStream.Play.UnpublishNotify");
        player.until("Stream EOF", () -> player.controls.contains("1/1"));
        assertThat(player.frames).isNotEmpty();
    }

    private static void assertEndsWell(XiuProcess server, String path) {
        String ended = playlist(server, path);
        assertThat(ended).endsWith("#EXT-X-ENDLIST\n");
        List<String> segments =
                ended.lines().filter(line -> !line.startsWith("#")).toList();
        assertThat(segments).isNotEmpty();
        for (String segment : segments) {
            assertThat(fetch(URI.create(server.hls(path)).resolve(segment).toString())
                            .statusCode())
                    .as(segment)
                    .isEqualTo(200);
        }
    }

    private static final List<RawRtmp.Frame> CLIP = FlvFrames.ofClip(TestClips.avcAac());

    /** Publishes the first seconds of the clip, from a time on. */
    private static void feed(RawRtmp publisher, int from, int seconds) {
        CLIP.stream()
                .filter(frame -> frame.timestamp() < seconds * 1_000)
                .forEach(frame -> publisher.media(frame.type(), from + frame.timestamp(), frame.body()));
    }

    @Test
    void whoTakesOverKeepsTheViewers() {
        for (String rule : List.of("auto", "takeover")) {
            try (XiuProcess server = XiuProcess.start("[stream]\non_conflict = \"" + rule + "\"\n");
                    RawRtmp first = RawRtmp.publishing(server, "test").await("NetStream.Publish.Start")) {
                feed(first, 90_000, 2);
                try (RawRtmp viewer = RawRtmp.playing(server, "test").await("NetStream.Play.Start")) {
                    viewer.until("a key frame", () -> keyFrames(viewer) > 0);
                    String address = rule.equals("auto") ? "127.0.0.1" : "127.0.0.2";
                    try (RawRtmp second = RawRtmp.publishingFrom(address, server, "test")) {
                        second.await("NetStream.Publish.Start");
                        first.await("NetStream.Publish.BadName").awaitEnd();
                        long before = keyFrames(viewer);
                        feed(second, 0, 3);
                        viewer.until("more key frames", () -> keyFrames(viewer) >= before + 3);
                        assertThat(viewer.heard).doesNotContain("NetStream.Play.UnpublishNotify");
                        assertThat(viewer.frames.stream()
                                        .filter(FlvFrames::isPicture)
                                        .map(RawRtmp.Frame::timestamp))
                                .isSorted();
                    }
                }
            }
        }
    }

    private static long keyFrames(RawRtmp viewer) {
        return viewer.frames.stream().filter(RawRtmp.Frame::isKeyFrame).count();
    }

    @Test
    void whoIsRefusedChangesNothing() {
        for (String rule : List.of("auto", "reject")) {
            try (XiuProcess server = XiuProcess.start("[stream]\non_conflict = \"" + rule + "\"\n");
                    RawRtmp first = RawRtmp.publishing(server, "test").await("NetStream.Publish.Start")) {
                String address = rule.equals("auto") ? "127.0.0.2" : "127.0.0.1";
                try (RawRtmp second = RawRtmp.publishingFrom(address, server, "test");
                        RawRtmp viewer = RawRtmp.playing(server, "test")) {
                    viewer.await("NetStream.Play.Start");
                    second.await("NetStream.Publish.BadName").awaitEnd();
                    assertThat(second.heard).doesNotContain("NetStream.Publish.Start");
                    feed(first, 0, 1);
                    viewer.until("a key frame", () -> keyFrames(viewer) > 0);
                    feed(first, 1_000, 3);
                    viewer.until("key frames", () -> keyFrames(viewer) >= 4);
                    assertThat(first.heard).doesNotContain("NetStream.Publish.BadName");
                }
            }
        }
    }

    @Test
    void aTokenTakesOverFromAnywhere() {
        String toml = """
                [authsecret]
                password = "quiet"
                [rtmp.auth]
                push_enabled = true
                """;
        try (XiuProcess server = XiuProcess.start(toml);
                RawRtmp first = RawRtmp.publishing(server, "test?token=quiet").await("NetStream.Publish.Start");
                RawRtmp second = RawRtmp.publishingFrom("127.0.0.2", server, "test?token=quiet")) {
            second.await("NetStream.Publish.Start");
            first.await("NetStream.Publish.BadName").awaitEnd();
        }
    }

    /** Where each part of a broken publisher's clip begins, ms; each has the clip's own steps. */
    private static final List<Integer> JUMPS = List.of(3_620_000, 1_000_000, 0, -2_500);

    @Test
    void brokenTimestampsAreRepairedForEveryoneAndToldOnce() {
        String path = "live/broken";
        try (XiuProcess server = XiuProcess.start(KEEPING);
                RawRtmp publisher = RawRtmp.publishing(server, "broken").await("NetStream.Publish.Start")) {
            feed(publisher, 0, 1);
            List<RelayRecorder> viewers = List.of(
                    RelayRecorder.rtmp(server, path),
                    RelayRecorder.httpFlv(server, path),
                    RelayRecorder.hls(server, path));
            long breaks;
            try {
                long segments = 0;
                for (int second = 1; !viewers.stream().allMatch(viewer -> viewer.bytes() > 1_000); second++) {
                    feed(publisher, second * 1_000, 1);
                    segments = awaitSegmentsAfter(segments, server.hls(path));
                }
                // What comes from here on is less than what is kept.
                breaks = breaks(playlist(server, path));
                for (int from : JUMPS) {
                    long seen = viewers.getFirst().bytes();
                    feed(publisher, from, 5);
                    publisher.until("progress", () -> viewers.getFirst().bytes() > seen);
                }
                runBackwards(publisher);
                feed(publisher, 500_000, 5);
                server.awaitLog("event=timestamps_repaired .*stream=" + path, SOON);
                publisher.command(
                        0,
                        "deleteStream",
                        0,
                        xiu.container.flv.amf.AmfValue.Nothing.NULL,
                        xiu.container.flv.amf.AmfValue.of(publisher.stream()));
                viewers.forEach(RelayRecorder::awaitEnd);
            } finally {
                viewers.forEach(RelayRecorder::close);
            }
            viewers.subList(0, 2).forEach(viewer -> assertContinuous(viewer.file, viewer.name));
            // One for each jump; running backwards, until it goes on, is one.
            assertSaneSegments(playlist(server, path), breaks + JUMPS.size() + 1);
            assertThat(server.log()).containsOnlyOnce("event=timestamps_repaired ");
            server.awaitLog("event=publish_end .*stream=" + path + " reason=GOODBYE .*repairs=[1-9][0-9]", SOON);
        }
    }

    /** Half a minute in which each frame is earlier than the one before. */
    private static void runBackwards(RawRtmp publisher) {
        for (int time = 400_000; time > 370_000; time -= 5_000) {
            for (RawRtmp.Frame frame : CLIP) {
                if (frame.type() != RawRtmp.DATA) {
                    publisher.media(frame.type(), time - frame.timestamp(), frame.body());
                }
            }
        }
    }

    private static long awaitSegmentsAfter(long before, String url) {
        long[] now = new long[1];
        await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> {
            now[0] = segments(fetch(url).body());
            return now[0] > before;
        });
        return now[0];
    }

    /** How many segments there have been, from a number on. */
    private static long segments(String playlist) {
        String sequence = "#EXT-X-MEDIA-SEQUENCE:";
        return playlist.lines()
                .mapToLong(line -> line.startsWith(sequence)
                        ? Long.parseLong(line.substring(sequence.length()))
                        : line.startsWith("#EXTINF:") ? 1 : 0)
                .sum();
    }

    private static void assertSaneSegments(String playlist, long breaks) {
        List<Double> durations = playlist.lines()
                .filter(line -> line.startsWith("#EXTINF:"))
                .map(line -> Double.valueOf(line.substring(8).replaceFirst(",.*", "")))
                .toList();
        assertThat(durations)
                .as(playlist)
                .allSatisfy(seconds -> assertThat(seconds).isBetween(0.01, 3.0));
        assertThat(durations.stream().filter(seconds -> seconds < 0.3))
                .as(playlist)
                .hasSizeLessThan(4);
        assertThat(breaks(playlist)).as(playlist).isEqualTo(breaks);
    }

    /** How many discontinuities there have been: those that have left the playlist, and those in it. */
    private static long breaks(String playlist) {
        String sequence = "#EXT-X-DISCONTINUITY-SEQUENCE:";
        return playlist.lines()
                .mapToLong(line -> line.startsWith(sequence)
                        ? Long.parseLong(line.substring(sequence.length()))
                        : line.equals("#EXT-X-DISCONTINUITY") ? 1 : 0)
                .sum();
    }
}
