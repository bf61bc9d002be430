package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The streams in a browser, in a page from another origin: hls.js, and mpegts.js over HTTP and WebSocket. */
class BrowserIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> PLAYERS = List.of("hls.js", "mpegts.js over HTTP", "mpegts.js over WebSocket");

    private static XiuProcess server;

    @BeforeAll
    static void start() {
        server = XiuProcess.start("[hls]\nfragment = 1\n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyPlayerShowsMovingPicturesAndTheEndAsAnEnd() {
        try (ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live/moving"));
                BrowserPages pages = open("live/moving")) {
            for (int page = 0; page < PLAYERS.size(); page++) {
                pages.await(
                        page,
                        PLAYERS.get(page) + " plays",
                        SOON,
                        state -> state.millis() > 3_000 && state.frames() > 50 && state.sound() > 10_000);
                assertMoves(pages.states(page), PLAYERS.get(page));
            }
            publisher.terminate(SOON);
            for (int page = 0; page < PLAYERS.size(); page++) {
                pages.await(page, PLAYERS.get(page) + " ends", SOON, BrowserPages.State::ended);
            }
        }
    }

    @Test
    void aPublisherThatComesBackKeepsThePagePlaying() {
        ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live/again"));
        try (BrowserPages pages = open("live/again")) {
            for (int page = 0; page < PLAYERS.size(); page++) {
                pages.await(page, PLAYERS.get(page) + " plays", SOON, state -> state.millis() > 1_500);
            }
            publisher.kill();
            server.awaitLog("event=session_end .*published=live/again reason=CONNECTION_LOST", SOON);
            publisher = MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live/again"));
            List<BrowserPages.State> before = new ArrayList<>();
            for (int page = 0; page < PLAYERS.size(); page++) {
                before.add(pages.states(page).getLast());
            }
            for (int page = 0; page < PLAYERS.size(); page++) {
                BrowserPages.State then = before.get(page);
                // Far beyond what a player can have had when its publisher was lost.
                pages.await(
                        page,
                        PLAYERS.get(page) + " goes on",
                        SOON,
                        state -> state.millis() > then.millis() + 6_000 && state.frames() > then.frames() + 100);
                assertMoves(pages.states(page), PLAYERS.get(page));
            }
        } finally {
            publisher.close();
        }
    }

    private static BrowserPages open(String path) {
        return BrowserPages.open(server.hls(path), server.httpFlv(path), server.webSocketFlv(path));
    }

    private static void assertMoves(List<BrowserPages.State> states, String player) {
        assertThat(states.getLast().light()).as(player + ": brightness").isGreaterThan(20);
        assertThat(states.stream().map(BrowserPages.State::picture).distinct())
                .as(player + ": pictures")
                .hasSizeGreaterThan(5);
        assertThat(states).as(player).extracting(BrowserPages.State::millis).isSorted();
    }
}
