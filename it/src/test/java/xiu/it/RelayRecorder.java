package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A player that writes what it gets into a file, until the stream ends. */
abstract class RelayRecorder implements AutoCloseable {
    private static final Duration END_TIMEOUT = Duration.ofSeconds(60);

    final String name;
    final Path file;

    private RelayRecorder(String name, String extension) {
        this.name = name;
        this.file = Workspace.temporary("recording").resolve(name + extension);
    }

    static RelayRecorder rtmp(XiuProcess server, String path) {
        return rtmpUrl(server.rtmp(path));
    }

    static RelayRecorder rtmpUrl(String url) {
        return new Ffmpeg("rtmp", ".flv", "-i", url);
    }

    static RelayRecorder httpFlv(XiuProcess server, String path) {
        return httpFlvUrl(server.httpFlv(path));
    }

    static RelayRecorder httpFlvUrl(String url) {
        return new Ffmpeg("http-flv", ".flv", "-i", url);
    }

    static RelayRecorder hls(XiuProcess server, String path) {
        return hlsUrl(server.hls(path));
    }

    static RelayRecorder hlsUrl(String url) {
        return new Ffmpeg("hls", ".ts", "-live_start_index", "0", "-i", url);
    }

    static RelayRecorder webSocket(XiuProcess server, String path) {
        return webSocketUrl(server.webSocketFlv(path));
    }

    static RelayRecorder webSocketUrl(String url) {
        return new WebSocketFlv(url);
    }

    /** One for each protocol. */
    static List<RelayRecorder> everyWay(XiuProcess server, String path) {
        return List.of(rtmp(server, path), httpFlv(server, path), webSocket(server, path), hls(server, path));
    }

    /** How much it has got. */
    long bytes() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    abstract boolean isPlaying();

    /** Waits until the server has ended it in good order. */
    abstract void awaitEnd();

    @Override
    public abstract void close();

    /**
     * Waits for the end, and compares: from some key frame on, each and every packet of the source, to the last one.
     *
     * @param atLeast video frames
     */
    void assertEndsWithAllOf(PacketDump source, int atLeast) {
        awaitEnd();
        PacketDump got = PacketDump.normalised(file);
        List<String> frames = got.video().hashes();
        assertThat(frames).as(name + ": frames").hasSizeGreaterThanOrEqualTo(atLeast);
        assertThat(got.video().packets().getFirst().keyFrame())
                .as(name + ": begins with a key frame")
                .isTrue();
        assertThat(frames)
                .as(name + ": video")
                .isEqualTo(source.video().from(frames.getFirst()).hashes());
        List<String> sound = got.audio().hashes();
        assertThat(sound)
                .as(name + ": audio")
                .isNotEmpty()
                .isEqualTo(source.audio().from(sound.getFirst()).hashes());
    }

    /** Each frame follows the one before it in the source, which begins again at its end; gaps end with a key frame. */
    void assertUnbroken(PacketDump whole, int gaps) {
        List<String> source = whole.video().hashes();
        List<PacketDump.Packet> got = PacketDump.normalised(file).video().packets();
        int found = 0;
        for (int i = 1; i < got.size(); i++) {
            int before = source.indexOf(got.get(i - 1).hash());
            int now = source.indexOf(got.get(i).hash());
            assertThat(now).as(name + ": frame " + i).isNotNegative();
            if (now != (before + 1) % source.size()) {
                found++;
                assertThat(got.get(i).keyFrame())
                        .as(name + ": key frame after the gap at " + i)
                        .isTrue();
            }
        }
        assertThat(found).as(name + ": gaps").isLessThanOrEqualTo(gaps);
        assertThat(got.size()).as(name + ": frames").isGreaterThan(50);
    }

    private static final class Ffmpeg extends RelayRecorder {
        private final ExternalProcess process;

        private Ffmpeg(String name, String extension, String... input) {
            super(name, extension);
            List<String> arguments = new java.util.ArrayList<>(List.of(input));
            arguments.addAll(List.of("-map", "0", "-c", "copy", "-flush_packets", "1", file.toString()));
            this.process = MediaTools.startFfmpeg(arguments.toArray(String[]::new));
        }

        @Override
        boolean isPlaying() {
            return process.isAlive();
        }

        @Override
        void awaitEnd() {
            int exit = process.awaitExit(END_TIMEOUT);
            assertThat(exit).as(() -> process.describe(name + ": exit code")).isZero();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** The same bytes as HTTP-FLV, in binary messages. */
    private static final class WebSocketFlv extends RelayRecorder {
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final RawWebSocket socket;

        private WebSocketFlv(String url) {
            super("websocket-flv", ".flv");
            socket = RawWebSocket.open(URI.create(url));
            Thread.ofVirtual().start(this::record);
        }

        private void record() {
            try (OutputStream out = Files.newOutputStream(file)) {
                for (Optional<byte[]> part = socket.next(); part.isPresent(); part = socket.next()) {
                    out.write(part.get());
                }
                ended.complete(null);
            } catch (IOException e) {
                ended.completeExceptionally(e);
            }
        }

        @Override
        boolean isPlaying() {
            return !ended.isDone();
        }

        @Override
        void awaitEnd() {
            try {
                ended.get(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new AssertionError(name + ": did not end well", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
