package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelOutboundBuffer;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xiu.media.SampleMedia;
import xiu.stream.EndReason;
import xiu.stream.Publication;
import xiu.stream.SampleStreams;
import xiu.stream.SampleStreams.Changes;
import xiu.stream.Viewer;
import xiu.transport.PlaybackHouse.Player;
import xiu.transport.PlaybackHouse.Session;

/** Over real sockets; every frame's content is its number, so a byte lost, doubled or moved shows. */
@Timeout(60)
class PlaybackTest {
    private static final UnaryOperator<Changes> DEFAULTS = changes -> changes;

    /** Every engine that writes in its own way. */
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @EnumSource(
            value = IoEngine.class,
            names = {"EPOLL", "NIO"})
    @interface OnEachEngine {}

    @OnEachEngine
    void playsEveryFrameFromTheLastKeyFrameToTheVeryEnd(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, DEFAULTS);
                Player early = house.connect()) {
            house.session();
            house.publish(1, 10);
            early.readUntil(0); // otherwise it might begin at a newer key frame
            house.publish(24, 10);
            try (Player late = house.connect()) {
                Session session = house.session();
                for (int i = 0; i < 50; i++) {
                    house.publish(2, 100);
                    early.readUntil(house.last());
                    late.readUntil(house.last());
                }
                house.publish(150, 1_000);
                house.goodbye();
                early.readToTheEnd();
                late.readToTheEnd();
                session.awaitEnd(EndReason.GOODBYE);
                assertThat(early.frames.texts()).startsWith("begin 1", "video header", "v0 key");
                assertThat(early.frames.numbers()).isEqualTo(numbers(0, 274));
                assertThat(late.frames.texts()).startsWith("begin 1", "video header", "v800 key", "v840");
                assertThat(late.frames.numbers()).isEqualTo(numbers(20, 274));
            }
        }
    }

    /** Counted where they are sent, told once a second, and the rest when it leaves. */
    @OnEachEngine
    void aViewerKnowsHowManyBytesItWasSent(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, DEFAULTS);
                Player player = house.connect()) {
            house.session();
            Viewer viewer = house.stream.viewers().iterator().next();
            house.publish(10, 100);
            player.readUntil(house.last());
            await().untilAsserted(() -> assertThat(viewer.sentBytes()).isEqualTo(player.bytes));
            long before = player.bytes;
            house.publish(500, 100);
            house.goodbye();
            player.readToTheEnd();
            assertThat(player.bytes).isGreaterThan(before);
            await().untilAsserted(() -> assertThat(viewer.sentBytes()).isEqualTo(player.bytes));
            assertThat(house.stream.counters().sentBytes()).isEqualTo(player.bytes);
        }
    }

    @OnEachEngine
    void aStreamIsAwaitedForAsLongAsSomebodyPlaysIt(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, DEFAULTS)) {
            assertThat(house.stream.isAwaited()).isFalse();
            try (Player player = house.connect()) {
                house.session();
                assertThat(house.stream.isAwaited()).isTrue();
            }
            await().until(() -> !house.stream.isAwaited());
        }
    }

    @OnEachEngine
    void waitsForTheNextKeyFrameWhenItShallNotBeginInThePast(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.gops(0))) {
            house.publish(5, 100);
            try (Player player = house.connect()) {
                house.session();
                house.publish(96, 100);
                player.readUntil(100);
                assertThat(player.frames.texts()).containsExactly("begin 1", "video header", "v4000 key");
            }
        }
    }

    /** Frames that one player reads as they come; whoever reads none of them falls behind. */
    private static void publishFor(Player quick, PlaybackHouse house) throws Exception {
        for (int i = 0; i < 60; i++) {
            house.publish(10, 10);
            quick.readUntil(house.last() - 5);
        }
    }

    @OnEachEngine
    void aSlowReaderSkipsToAKeyFrameAndNeverSeesATornFrame(IoEngine engine) throws Exception {
        long before = SkipBudget.LINES.count("limit_viewer_backlog");
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.viewers(64 << 10, 15, 0));
                Player player = house.connect();
                Player quick = house.connect()) {
            Session first = house.session();
            Session second = house.session();
            publishFor(quick, house);
            player.readUntil(500);
            house.publish(1, 1);
            house.goodbye();
            player.readToTheEnd();
            quick.readToTheEnd();
            assertThat(first.playback.viewer().skips()
                            + second.playback.viewer().skips())
                    .isPositive();
            List<Long> seen = player.frames.numbers();
            List<Long> resumed = new ArrayList<>();
            for (int i = 1; i < seen.size(); i++) {
                if (seen.get(i) != seen.get(i - 1) + 1) {
                    resumed.add(seen.get(i));
                }
            }
            assertThat(seen).isSorted().endsWith(house.last());
            assertThat(resumed).isNotEmpty().allMatch(number -> number % 10 == 0);
            assertThat(player.frames.texts().stream().filter("video header"::equals))
                    .hasSize(1 + resumed.size());
            assertThat(quick.frames.numbers()).endsWith(house.last());
        }
        assertThat(SkipBudget.LINES.count("limit_viewer_backlog")).isGreaterThan(before);
    }

    @OnEachEngine
    void aLongGroupOfPicturesIsPlayedToItsEndHoweverSlowly(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.viewers(64 << 10, 15, 1))) {
            house.publish(500, 10_000); // 4 MB, 20 s
            try (Player player = house.connect()) {
                Session session = house.session();
                player.readUntil(house.last());
                assertThat(player.frames.numbers()).isEqualTo(numbers(0, 499));
                assertThat(session.playback.viewer().skips()).isZero();
            }
        }
    }

    @OnEachEngine
    void onesThatSkipTooOftenAreEnded(IoEngine engine) throws Exception {
        long before = SkipBudget.LINES.count("limit_viewer_skips");
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.viewers(64 << 10, 15, 1));
                Player player = house.connect()) {
            Session session = house.session();
            house.publish(200, 5);
            // One round too far behind is one skip, and two are too many.
            for (int round = 0; session.ended.isEmpty() && round < 100; round++) {
                house.publish(100, 5);
                while (session.ended.isEmpty() && player.frames.newest() < house.last() - 20) {
                    player.read();
                }
            }
            session.awaitEnd(EndReason.TOO_SLOW);
            player.readToTheEnd();
        }
        assertThat(SkipBudget.LINES.count("limit_viewer_skips")).isGreaterThan(before);
    }

    @OnEachEngine
    void onesThatTakeNothingAreEnded(IoEngine engine) throws Exception {
        long before = SkipBudget.LINES.count("limit_viewer_stall_timeout");
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.viewers(64 << 10, 1, 0));
                Player player = house.connect()) {
            Session session = house.session();
            house.publish(600, 10);
            session.awaitEnd(EndReason.TOO_SLOW);
            assertThat(player.frames.texts()).isEmpty();
        }
        assertThat(SkipBudget.LINES.count("limit_viewer_stall_timeout")).isGreaterThan(before);
    }

    @OnEachEngine
    void aNewPatienceCountsForThoseWhoAreThereAlready(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.viewers(64 << 10, 3_600, 0));
                Player quick = house.connect();
                Player player = house.connect()) {
            Session first = house.session();
            Session second = house.session();
            publishFor(quick, house);
            house.settings.set(SampleStreams.settings(changes -> changes.viewers(64 << 10, 1, 0)));
            await().until(() -> !first.ended.isEmpty() || !second.ended.isEmpty());
            house.publish(10, 10);
            quick.readUntil(house.last());
            assertThat(first.ended.size() + second.ended.size()).isEqualTo(1);
        }
    }

    /** Its place is given up by the first look at it, for one skip; the next look finds it nowhere. */
    @OnEachEngine
    void onesThatTakeNothingHoldNoOldMemory(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.viewers(64 << 10, 3_600, 0));
                Player player = house.connect()) {
            Session session = house.session();
            Viewer viewer = house.stream.viewers().iterator().next();
            house.publish(200, 10_000);
            await().until(() -> viewer.behind() > 0);
            house.publish(100, 10);
            await().until(() -> session.playback.viewer().skips() > 0);
            await().until(() -> viewer.behind() == 0);
            assertThat(session.playback.viewer().skips()).isEqualTo(1);
            player.readUntil(house.last());
            assertThat(session.ended).isEmpty();
        }
    }

    @OnEachEngine
    void onesThatTakeNothingAreGivenUpSoonWhenTheServerStops(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.viewers(64 << 20, 3_600, 0));
                Player deaf = house.connect()) {
            Session deafSession = house.session();
            try (Player slow = house.connect()) {
                Session slowSession = house.session();
                house.publish(600, 1_000);
                slow.readUntil(10);
                house.hub().stop();
                slow.readToTheEnd();
                assertThat(slow.frames.numbers()).isEqualTo(numbers(0, 599));
                slowSession.awaitEnd(EndReason.STOPPING);
            }
            deafSession.awaitEnd(EndReason.TOO_SLOW);
            assertThat(deaf.frames.texts()).isEmpty();
        }
    }

    @OnEachEngine
    void theEndOfTheStreamWaitsForAReaderThatIsBehind(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, DEFAULTS);
                Player player = house.connect()) {
            Session session = house.session();
            house.publish(600, 1_000);
            house.goodbye();
            assertThat(house.hub().streams()).isEmpty();
            player.readToTheEnd();
            assertThat(player.frames.numbers()).isEqualTo(numbers(0, 599));
            session.awaitEnd(EndReason.GOODBYE);
        }
    }

    /** After three frames, for so many more; the player then reads what comes to the last one. */
    private static void pause(PlaybackHouse house, Player player, int count, int gop) throws Exception {
        Session session = house.session();
        house.publish(3, gop);
        player.readUntil(2);
        session.run(session.playback::pause);
        house.publish(count, gop);
        session.run(session.playback::resume);
        player.readUntil(house.last());
    }

    @OnEachEngine
    void aPauseSendsNothingAndThenGoesOnAtAKeyFrame(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, DEFAULTS);
                Player player = house.connect()) {
            pause(house, player, 15, 10);
            assertThat(player.frames.numbers()).isEqualTo(List.of(0L, 1L, 2L, 10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L));
        }
    }

    /** There is no newer key frame: going back to the old one would show again what was shown. */
    @OnEachEngine
    void aPauseInALongGroupGoesOnWhereItStopped(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, DEFAULTS);
                Player player = house.connect()) {
            pause(house, player, 12, 1_000);
            assertThat(player.frames.numbers()).isEqualTo(numbers(0, 14));
            assertThat(player.frames.texts()).containsOnlyOnce("video header");
        }
    }

    /** It asks for no cached pictures, but the next key frame is minutes away. */
    @OnEachEngine
    void whoWaitsForTheNextKeyFrameDoesNotWaitForEver(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.gops(0))) {
            house.publish(10, 10_000);
            try (Player player = house.connect()) {
                house.session();
                house.publish(300, 10_000);
                player.readUntil(house.last());
                assertThat(player.frames.texts()).startsWith("begin 1", "video header", "v0 key");
            }
        }
    }

    /** A peer that takes nothing must not make the server hold more and more for it. */
    @OnEachEngine
    void pausingAndResumingAgainAndAgainCostsNoMemory(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, DEFAULTS);
                Player player = house.connect()) {
            Session session = house.session();
            house.publish(600, 100);
            session.run(() -> {});
            for (int i = 0; i < 200; i++) {
                session.run(session.playback::pause);
                session.run(session.playback::resume);
            }
            List<Long> pending = new ArrayList<>();
            session.run(() -> {
                ChannelOutboundBuffer outbound = session.channel.unsafe().outboundBuffer();
                pending.add(outbound.totalPendingWriteBytes());
            });
            assertThat(pending.getFirst()).isLessThan(320 << 10);
            player.readUntil(house.last());
            assertThat(player.frames.numbers()).endsWith(598L, 599L);
        }
    }

    @OnEachEngine
    void aKickEndsIt(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, DEFAULTS);
                Player player = house.connect()) {
            Session session = house.session();
            house.publish(1, 10);
            house.stream.viewers().forEach(viewer -> viewer.kick(EndReason.KICKED));
            player.readToTheEnd();
            session.awaitEnd(EndReason.KICKED);
        }
    }

    @OnEachEngine
    void playersGoOnWithTheNextPublisher(IoEngine engine) throws Exception {
        try (PlaybackHouse house = new PlaybackHouse(engine, DEFAULTS);
                Player player = house.connect()) {
            house.session();
            house.publish(3, 10);
            player.readUntil(2); // on a busy machine it would begin with the next publisher otherwise
            house.publication.end(EndReason.CONNECTION_LOST);
            Publication next = house.hub().feed(house.stream.key(), new SampleStreams.SamplePublisher("B", 1));
            next.write(SampleMedia.packet(SampleMedia.VIDEO, 9_000, false, 8, 2));
            next.write(SampleMedia.packet(SampleMedia.VIDEO, 9_040, true, 9, 2));
            player.readUntil(9);
            assertThat(player.frames.texts())
                    .containsExactly("begin 1", "video header", "v0 key", "v40", "v80", "video header", "v120 key");
            next.end(EndReason.GOODBYE);
            player.readToTheEnd();
        }
    }

    /** More players than one slice of a pass; some leave in the middle of it. */
    @OnEachEngine
    void aStormOfPlayersLeavesNothingBehind(IoEngine engine) throws Exception {
        Random random = new Random(7);
        try (PlaybackHouse house = new PlaybackHouse(engine, changes -> changes.viewers(4 << 20, 15, 0))) {
            List<Player> players = new ArrayList<>();
            house.publish(1, 10);
            for (int i = 0; i < 300; i++) {
                players.add(house.connect());
                house.session();
                if (i % 20 == 0) {
                    house.publish(1, 10);
                }
                if (random.nextInt(4) == 0) {
                    players.remove(random.nextInt(players.size())).close();
                }
            }
            while (players.size() > 20) {
                players.remove(random.nextInt(players.size())).close();
            }
            house.publish(10, 10);
            await().until(() -> house.stream.viewerCount() == 20);
            house.goodbye();
            for (Player player : players) {
                player.readToTheEnd();
                assertThat(player.frames.newest()).isEqualTo(house.last());
                player.close();
            }
        }
    }

    private static List<Long> numbers(long from, long to) {
        List<Long> numbers = new ArrayList<>();
        for (long i = from; i <= to; i++) {
            numbers.add(i);
        }
        return numbers;
    }
}
