package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A player that keeps every frame as it came, with the times the server gave it, which no program of ffmpeg's would: they
 * repair. It may be cut off in the middle of a frame.
 */
final class Watcher implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    final String name;
    private final List<RawRtmp.Frame> frames = new ArrayList<>();
    private final AutoCloseable connection;
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile int skips;
    private volatile long newest = Long.MIN_VALUE;

    private Watcher(String name, AutoCloseable connection) {
        this.name = name;
        this.connection = connection;
    }

    /** Plays {@code live/stream} by RTMP, from a port of this machine. */
    static Watcher rtmp(int port, String stream) {
        RawRtmp client = RawRtmp.playing(port, stream);
        Watcher watcher = new Watcher("rtmp", () -> {});
        watcher.run(() -> {
            try (client) {
                // A stream that ends leaves its players' connections to them.
                while (!watcher.closed
                        && !client.isEnded()
                        && !client.heard.contains("NetStream.Play.UnpublishNotify")) {
                    client.read(250);
                    client.messages.forEach(watcher::accept);
                    client.messages.clear();
                    client.frames.clear();
                }
            }
        });
        return watcher;
    }

    /** Plays {@code live/stream} by HTTP-FLV, from a port of this machine. */
    static Watcher httpFlv(int port, String stream) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream().write(RawHttp.request("/live/" + stream + ".flv"));
            Watcher watcher = new Watcher("http-flv", socket);
            FlvFrames reader = new FlvFrames(watcher::accept);
            watcher.run(() -> {
                InputStream in = socket.getInputStream();
                byte[] part = new byte[16 << 10];
                for (int count = in.read(part); count >= 0; count = in.read(part)) {
                    reader.accept(ByteBuffer.wrap(part, 0, count));
                }
            });
            return watcher;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays {@code live/stream} by WebSocket, from a port of this machine. */
    static Watcher webSocket(int port, String stream) {
        RawWebSocket socket = RawWebSocket.open(URI.create("ws://127.0.0.1:%d/live/%s.flv".formatted(port, stream)));
        Watcher watcher = new Watcher("websocket-flv", socket);
        FlvFrames reader = FlvFrames.withoutHead(watcher::accept);
        watcher.run(() -> {
            for (Optional<byte[]> part = socket.next(); part.isPresent(); part = socket.next()) {
                reader.accept(ByteBuffer.wrap(part.get()));
            }
        });
        return watcher;
    }

    private interface Reading {
        void untilTheEnd() throws IOException;
    }

    private void run(Reading reading) {
        Thread.ofVirtual().start(() -> {
            try {
                reading.untilTheEnd();
            } catch (IOException e) {
                // A reset is an end as well.
            } finally {
                ended = true;
            }
        });
    }

    private synchronized void accept(RawRtmp.Frame frame) {
        frames.add(frame);
        if (FlvFrames.isPicture(frame)) {
            if (newest != Long.MIN_VALUE && frame.timestamp() - newest > 300) {
                skips++;
            }
            newest = frame.timestamp();
        }
    }

    /** All frames until now. */
    synchronized List<RawRtmp.Frame> frames() {
        return List.copyOf(frames);
    }

    /** What tells the pictures from each other, in order. */
    List<Integer> pictures() {
        return frames().stream()
                .filter(FlvFrames::isPicture)
                .map(FlvFrames::mark)
                .toList();
    }

    /** How often a good part of a second was left out. */
    int skips() {
        return skips;
    }

    /** The time of the newest picture, ms; far below zero before there is one. */
    long newest() {
        return newest;
    }

    boolean isEnded() {
        return ended;
    }

    void awaitSkips(int count) {
        await(name + ": skip " + count).atMost(PATIENCE).until(() -> skips >= count || ended);
        assertThat(skips).as(name + ": skips before its end").isGreaterThanOrEqualTo(count);
    }

    void awaitEnd() {
        await(name + ": the end").atMost(PATIENCE).until(() -> ended);
    }

    /** Plays until it has this much, ms, beyond what it has now. */
    void awaitMore(long millis) {
        await(name + ": plays").atMost(PATIENCE).until(() -> newest != Long.MIN_VALUE || ended);
        long until = newest + millis;
        await(name + ": plays on").atMost(PATIENCE).until(() -> newest >= until || ended);
        assertThat(ended).as(name + ": has ended").isFalse();
    }

    /** Times never run back, and a decoder that stops at the first error does not stop; returns the file. */
    Path assertSound() {
        Map<Integer, Integer> last = new HashMap<>();
        for (RawRtmp.Frame frame : frames()) {
            Integer before = last.put(frame.type(), frame.timestamp());
            if (before != null && frame.type() != RawRtmp.DATA) {
                assertThat(frame.timestamp()).as(name + ": time").isGreaterThanOrEqualTo(before);
            }
        }
        Path file = Workspace.temporary("watched").resolve(name + ".flv");
        write(file);
        assertDecodes(file, name);
        return file;
    }

    static void assertDecodes(Path file, String name) {
        try (ExternalProcess decoder = MediaTools.startFfmpeg(MediaTools.decoding(file))) {
            int exit = decoder.awaitExit(PATIENCE);
            assertThat(decoder.errors()).as(name + ": errors of the decoder").isEmpty();
            assertThat(exit).as(name + ": exit code of the decoder").isZero();
        }
    }

    private void write(Path file) {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.write(new byte[] {'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0});
            for (RawRtmp.Frame frame : frames()) {
                int size = frame.body().length;
                out.writeInt(frame.type() << 24 | size);
                out.writeInt(frame.timestamp() << 8 | frame.timestamp() >>> 24);
                out.write(new byte[3]);
                out.write(frame.body());
                out.writeInt(size + 11);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each picture follows the one before it in its source, or is a key frame. */
    void assertWholeGroups(List<List<Integer>> sources) {
        Map<Integer, List<Integer>> followers = new HashMap<>();
        for (List<Integer> source : sources) {
            for (int i = 0; i < source.size(); i++) {
                followers.put(source.get(i), Arrays.asList(source.get((i + 1) % source.size())));
            }
        }
        Integer before = null;
        for (RawRtmp.Frame frame : frames()) {
            if (FlvFrames.isPicture(frame)) {
                int mark = FlvFrames.mark(frame);
                assertThat(followers).as(name + ": published").containsKey(mark);
                boolean follows = before != null && followers.get(before).contains(mark);
                assertThat(follows || frame.isKeyFrame())
                        .as(name + ": a picture out of order is a key frame")
                        .isTrue();
                before = mark;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            connection.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
