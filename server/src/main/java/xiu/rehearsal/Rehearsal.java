package xiu.rehearsal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Publishes one stream to a running server and plays it by every protocol. Knows the server only by its addresses, like
 * any other peer.
 */
public final class Rehearsal {
    private static final int PLAYERS = 4;
    private static final long PATIENCE_SECONDS = 20;

    private final int frames;
    private final Map<String, FrameCount> counts = new LinkedHashMap<>();

    /** Where the server listens. */
    public record Stage(InetSocketAddress rtmp, InetSocketAddress httpflv, InetSocketAddress hls) {}

    /** The rehearsal failed; the message says where. */
    public static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }
    }

    /** Plays over HTTP until the stream ends. */
    interface Player {
        void play(FrameCount seen) throws IOException;
    }

    private Rehearsal(int frames) {
        this.frames = frames;
    }

    /**
     * Publishes, and plays until each player has got so many frames and then the end of the stream. By HLS, only
     * pictures count.
     *
     * @return how many frames each player got
     * @throws FailedException when publishing or playing failed
     */
    public static Map<String, Integer> perform(Stage stage, int frames) throws InterruptedException {
        return new Rehearsal(frames).perform(stage);
    }

    private Map<String, Integer> perform(Stage stage) throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool();
        RtmpNode node = new RtmpNode(stage.rtmp());
        try {
            await("publish", node.publish());
            node.roll();
            for (int i = 1; i <= PLAYERS; i++) {
                node.play(i, count("rtmp " + i));
                begin(threads, new FlvPlayer(stage.httpflv(), false), count("http-flv " + i));
                begin(threads, new FlvPlayer(stage.httpflv(), true), count("websocket-flv " + i));
                begin(threads, new HlsPlayer(stage.hls(), i % 2 == 0), count("hls " + i));
            }
            for (Map.Entry<String, FrameCount> player : counts.entrySet()) {
                await(player.getKey(), player.getValue().enough());
            }
            node.cut();
            Map<String, Integer> seen = new LinkedHashMap<>();
            for (Map.Entry<String, FrameCount> player : counts.entrySet()) {
                seen.put(
                        player.getKey(),
                        await(player.getKey(), player.getValue().end()));
            }
            return seen;
        } finally {
            threads.shutdownNow();
            node.close().join();
        }
    }

    private FrameCount count(String player) {
        FrameCount count = new FrameCount(frames);
        counts.put(player, count);
        return count;
    }

    private static void begin(ExecutorService threads, Player player, FrameCount seen) {
        threads.execute(() -> {
            try {
                player.play(seen);
                seen.ended();
            } catch (IOException | RuntimeException e) {
                seen.failed(e);
            }
        });
    }

    private static <T> T await(String what, CompletableFuture<T> outcome) throws InterruptedException {
        try {
            return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new FailedException("rehearsal: " + what + ": " + e.getCause());
        } catch (TimeoutException e) {
            throw new FailedException("rehearsal: " + what + ": not done after " + PATIENCE_SECONDS + " s");
        }
    }
}
