package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import xiu.container.flv.amf.AmfValue;

/** Some seconds of a server's life: all that clients do, well or badly, at the same time; and then they are gone. */
final class SoakRound {
    private static final Duration SOON = Duration.ofSeconds(40);

    /** What the edge asks of publishers and of players of HLS; the server has no use for it. */
    static final String TOKEN = "?token=quiet";

    private static final Path CLIP = TestClips.noisy(640);
    private static final List<RawRtmp.Frame> FRAMES = FlvFrames.ofClip(TestClips.avcAac());
    private static final int STREAMS = 100;
    private static final int FEW = 20;
    private static final int VISITS = 30;
    private static final int RETURNS = 5;
    private static final int EDGE_VISITS = 6;

    private final XiuProcess server;
    private final XiuProcess edge;
    private final Supplier<XiuProcess> target;
    private int rounds;

    /** {@code edge}: pulls from the server; {@code target}: starts the server that `live/main` is pushed to. */
    SoakRound(XiuProcess server, XiuProcess edge, Supplier<XiuProcess> target) {
        this.server = server;
        this.edge = edge;
        this.target = target;
    }

    /** One connection of each kind, and streams without media, so that classes are loaded and threads run. */
    void warmUp() {
        all(List.of(
                () -> SoakStrangers.wrongRequests(server),
                () -> SoakStrangers.wrongRequests(edge),
                () -> republished(server, STREAMS, "mute%d", 0),
                () -> republished(edge, FEW, "mute%d" + TOKEN, 0)));
    }

    void run() {
        try (XiuProcess first = target.get();
                ExternalProcess publisher = MediaTools.publishForEver(CLIP, server.rtmp("live/main"))) {
            first.awaitLog("event=publish .*stream=live/main", SOON);
            all(List.of(
                    () -> visits(server, VISITS),
                    () -> slow(server),
                    () -> polls(server),
                    () -> SoakStrangers.wrongRequests(server),
                    () -> visits(edge, EDGE_VISITS),
                    () -> slow(edge),
                    () -> polls(edge),
                    () -> SoakStrangers.wrongTokens(edge),
                    () -> returned(server),
                    () -> restart(first),
                    () -> {
                        republished(server, STREAMS, "again%d", 1);
                        return takenOver();
                    }));
            // By turns with a goodbye and without one.
            if (rounds++ % 2 == 0) {
                publisher.signal("INT");
                publisher.awaitExit(SOON);
            } else {
                publisher.kill();
            }
        }
    }

    private static void all(List<Callable<Void>> parts) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = new ArrayList<>();
            parts.forEach(part -> running.add(threads.submit(part)));
            for (Future<Void> part : running) {
                part.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Players that come, see a few pictures and go without a word. */
    private static Void visits(XiuProcess server, int visits) {
        for (int i = 0; i < visits; i++) {
            try (Watcher visitor = visitor(server, i % 3)) {
                visitor.awaitMore(40);
            }
        }
        return null;
    }

    private static Watcher visitor(XiuProcess server, int way) {
        return switch (way) {
            case 0 -> Watcher.rtmp(server.port("rtmp"), "main");
            case 1 -> Watcher.httpFlv(server.port("httpflv"), "main");
            default -> Watcher.webSocket(server.port("httpflv"), "main");
        };
    }

    /** One that skips, and some that take nothing, until they are closed or leave. */
    private static Void slow(XiuProcess server) {
        try (BadLink narrow = BadLink.to(server.port("rtmp"), BadLink.Quality.ofRate(100_000));
                Crowd deaf = new Crowd();
                RawRtmp deafToo = RawRtmp.playing(server, "main");
                Watcher skipping = Watcher.rtmp(narrow.port(), "main")) {
            for (int i = 0; i < 5; i++) {
                deaf.joinDeaf(server.port("httpflv"), RawHttp.request("/live/main.flv"));
                deaf.joinDeaf(server.port("httpflv"), RawHttp.webSocketRequest("/live/main.flv"));
                deaf.joinDeaf(server.port("hls"), RawHttp.request("/live/main/main.m3u8" + TOKEN));
            }
            skipping.awaitSkips(2);
            deafToo.reset();
        }
        return null;
    }

    /** A player of HLS: the playlist and all its segments, twice. */
    private static Void polls(XiuProcess server) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 2; i++) {
                URI playlist = URI.create(server.hls("live/main") + TOKEN);
                String text = new String(get(http, playlist), StandardCharsets.UTF_8);
                for (String segment :
                        text.lines().filter(line -> !line.startsWith("#")).toList()) {
                    assertThat(get(http, playlist.resolve(segment))).isNotEmpty();
                }
            }
        }
        return null;
    }

    private static byte[] get(HttpClient http, URI url) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(url.toString()).isEqualTo(200);
        return answer.body();
    }

    /** The target goes and comes back; the stream is pushed to it again. */
    private Void restart(XiuProcess first) {
        first.stop();
        try (XiuProcess second = target.get()) {
            second.awaitLog("event=publish .*stream=live/main", SOON);
            // Its end is clean only when nothing still connects; the publisher goes on until then.
        }
        return null;
    }

    /** Many streams that come and go: with a goodbye, without one, and again under the same name. */
    private static Void republished(XiuProcess server, int streams, String names, int seconds) {
        for (int i = 0; i < streams; i++) {
            String stream = names.formatted(i % (streams / 2));
            try (RawRtmp publisher = RawRtmp.publishing(server, stream).await("NetStream.Publish.Start");
                    RawRtmp viewer = RawRtmp.playing(server, stream).await("NetStream.Play.Start")) {
                feed(publisher, seconds);
                if (seconds > 0) {
                    viewer.until("a picture", () -> !viewer.frames.isEmpty());
                }
                if (i % 3 == 0) {
                    publisher.reset();
                } else {
                    publisher.command(0, "deleteStream", 0, AmfValue.Nothing.NULL, AmfValue.of(publisher.stream()));
                }
            }
        }
        return null;
    }

    private Void takenOver() {
        try (RawRtmp first = RawRtmp.publishing(server, "shared").await("NetStream.Publish.Start");
                Watcher viewer = Watcher.httpFlv(server.port("httpflv"), "shared")) {
            feed(first, 1);
            for (int i = 0; i < 3; i++) {
                try (RawRtmp next = RawRtmp.publishing(server, "shared").await("NetStream.Publish.Start")) {
                    feed(next, 1);
                }
            }
            first.await("NetStream.Publish.BadName").awaitEnd();
            assertThat(viewer.isEnded()).isFalse();
        }
        return null;
    }

    /** A publisher that is cut off again and again, and comes back before its viewers are sent away. */
    private static Void returned(XiuProcess server) {
        RawRtmp publisher = RawRtmp.publishing(server, "returns").await("NetStream.Publish.Start");
        feed(publisher, 1);
        try (RawRtmp viewer = RawRtmp.playing(server, "returns").await("NetStream.Play.Start")) {
            for (int i = 0; i < RETURNS; i++) {
                publisher.reset();
                publisher = RawRtmp.publishing(server, "returns").await("NetStream.Publish.Start");
                int before = viewer.frames.size();
                feed(publisher, 1);
                viewer.until("what the returned one sends", () -> viewer.frames.size() > before + 20);
            }
        } finally {
            publisher.close();
        }
        return null;
    }

    private static void feed(RawRtmp publisher, int seconds) {
        FRAMES.stream()
                .filter(frame -> frame.timestamp() < seconds * 1_000)
                .forEach(frame -> publisher.media(frame.type(), frame.timestamp(), frame.body()));
    }
}
