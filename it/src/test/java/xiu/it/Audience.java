package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Players of {@code live/good}: some that listen to the end, on a thread of their own, and deaf ones of every kind. */
final class Audience implements AutoCloseable {
    /** Those that listen. */
    static final int PLAYERS = 80;

    /** Those that never read, a third of them by each protocol. */
    static final int DEAF = 20;

    /** Between two looks at the kernel's buffers, ns. */
    private static final long LOOK = 500_000_000;

    /** What their buffers hold together at the least, KiB. */
    private static final long FULL = DEAF * 50;

    private static final String PATH = "/live/good.flv";

    private final Crowd crowd = new Crowd();
    private final List<List<Integer>> pictures = new ArrayList<>();
    private final Thread listening;
    private volatile boolean over;
    private long lookedAt = System.nanoTime();
    private volatile long unsent;
    private volatile long mostUnsent;

    Audience(XiuProcess server) {
        for (int i = 0; i < PLAYERS; i++) {
            List<Integer> seen = new ArrayList<>();
            pictures.add(seen);
            FlvFrames frames = new FlvFrames(frame -> {
                if (FlvFrames.isPicture(frame)) {
                    seen.add(FlvFrames.mark(frame));
                }
            });
            crowd.join(server.port("httpflv"), RawHttp.request(PATH), frames::accept);
        }
        for (int i = 0; i < DEAF; i++) {
            switch (i % 3) {
                case 0 -> crowd.joinDeaf(server.port("httpflv"), RawHttp.request(PATH));
                case 1 -> crowd.joinDeaf(server.port("httpflv"), RawHttp.webSocketRequest(PATH));
                default -> crowd.joinDeaf(server.port("rtmp"), RawRtmp.playingBlindly("live", "good"));
            }
        }
        listening = Thread.ofPlatform().name("audience").start(() -> {
            while (!over) {
                crowd.listen(100);
                look(server);
            }
        });
    }

    private void look(XiuProcess server) {
        long now = System.nanoTime();
        if (now - lookedAt > LOOK) {
            lookedAt = now;
            unsent = ServerFigures.unsentKiB(server);
            mostUnsent = Math.max(mostUnsent, unsent);
        }
    }

    /** Whether the kernel, which held full buffers for the deaf, holds them no more: they have not closed. */
    boolean isForgotten() {
        return mostUnsent > FULL && unsent < FULL / 4;
    }

    /** Listens no more, and compares: each who listens is still there and has got each picture of the looped clip. */
    void assertAllSeen() {
        end();
        assertThat(crowd.open()).as("players that read").isEqualTo(PLAYERS);
        List<Integer> source = FlvFrames.ofClip(GoodStream.clip()).stream()
                .filter(FlvFrames::isPicture)
                .map(FlvFrames::mark)
                .toList();
        for (List<Integer> seen : pictures) {
            GoodStream.assertLoops("a player of the crowd", seen, source);
            assertThat(seen).hasSizeGreaterThan(100);
        }
    }

    private void end() {
        over = true;
        try {
            listening.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
        crowd.close();
    }
}
