package xiu.service.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publisher;
import xiu.stream.StreamException;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.Viewer;
import xiu.stream.settings.StreamSettings;

class MemoryGuardTest {
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final ScheduledExecutorService thread = clock.eventLoop();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, thread);
    private final List<String> closed = new ArrayList<>();
    private long used;
    private long ceiling = 1_000;
    private long held;
    private int slowReplies;
    private final MemoryGuard.Replies replies = new MemoryGuard.Replies(() -> held, () -> 100, this::closeSlowest);
    private final MemoryGuard guard = new MemoryGuard(hub, () -> used, () -> ceiling, replies, thread);

    private int closeSlowest(int most) {
        int gone = Math.min(most, slowReplies);
        slowReplies -= gone;
        return gone;
    }

    private static final class Encoder implements Publisher {
        @Override
        public Peer peer() {
            return new Peer("p", "rtmp", InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public void onRevoked(EndReason reason) {}
    }

    private MediaStream publish(String name) {
        return hub.feed(new StreamKey("live", name), new Encoder()).stream();
    }

    private void watch(MediaStream stream, String id, long behind) {
        Peer peer = new Peer(id, "rtmp", InetAddress.getLoopbackAddress(), 2);
        stream.join(peer, reason -> closed.add(id)).progress(behind, 0);
    }

    @Test
    void repliesThatHoldTooMuchEndAlsoBelowTheCeiling() {
        slowReplies = 100;
        held = 100;
        guard.check();
        assertThat(slowReplies).isEqualTo(100);
        held = 101;
        guard.check();
        assertThat(slowReplies).isEqualTo(36);
    }

    @Test
    void aboveTheCeilingSlowRepliesEndToo() {
        slowReplies = 3;
        used = 1_001;
        guard.check();
        assertThat(slowReplies).isZero();
    }

    @Test
    void aboveTheCeilingOnlyThoseThatAreBehindGoWorstFirst() {
        MediaStream stream = publish("test");
        watch(stream, "keeps-up", 0);
        watch(stream, "bad", 10);
        watch(stream, "worst", 20);
        guard.check();
        assertThat(closed).isEmpty();
        used = 1_001;
        guard.check();
        assertThat(closed).containsExactly("worst", "bad");
    }

    /** Event loops go on while the guard sorts; a comparison that changes its mind fails the sort, and nobody would go. */
    @Test
    void viewersThatFallBehindWhileTheyAreSortedAreClosedAllTheSame() throws InterruptedException {
        MediaStream stream = publish("test");
        List<Viewer> crowd = new ArrayList<>();
        Peer peer = new Peer("v", "rtmp", InetAddress.getLoopbackAddress(), 2);
        for (int i = 0; i < 3_000; i++) {
            crowd.add(stream.join(peer, reason -> closed.add("one")));
        }
        AtomicBoolean over = new AtomicBoolean();
        Thread loops = Thread.ofPlatform().start(() -> {
            Random random = new Random(1);
            while (!over.get()) {
                crowd.get(random.nextInt(crowd.size())).progress(random.nextInt(1, 1_000_000), 0);
            }
        });
        used = 1_001;
        try {
            for (int i = 0; i < 100; i++) {
                assertThatCode(guard::check).doesNotThrowAnyException();
            }
        } finally {
            over.set(true);
            loops.join();
        }
        assertThat(closed).isNotEmpty();
    }

    @Test
    void whoIsALittleBehindStaysWhileOthersAreMuchFarther() {
        MediaStream stream = publish("test");
        watch(stream, "a-little", 9);
        watch(stream, "worst", 20);
        used = 1_001;
        guard.check();
        assertThat(closed).containsExactly("worst");
    }

    @Test
    void whoKeepsUpStaysAlsoWhenNobodyIsBehind() {
        MediaStream stream = publish("test");
        watch(stream, "keeps-up", 0);
        watch(stream, "keeps-up-too", 0);
        used = 1_001;
        guard.check();
        assertThat(closed).isEmpty();
    }

    @Test
    void notAllGoAtOnce() {
        MediaStream stream = publish("test");
        for (int i = 0; i < 100; i++) {
            watch(stream, "slow-" + i, 20);
        }
        used = 1_001;
        guard.check();
        assertThat(closed).hasSize(64).doesNotHaveDuplicates();
    }

    @Test
    void itLooksByItselfUntilItIsStopped() {
        clock.freezeTime();
        watch(publish("test"), "worst", 20);
        guard.start();
        used = 1_001;
        clock.advanceTimeBy(1, TimeUnit.SECONDS);
        clock.runScheduledPendingTasks();
        assertThat(closed).contains("worst");
        closed.clear();
        guard.stop();
        clock.advanceTimeBy(10, TimeUnit.SECONDS);
        clock.runScheduledPendingTasks();
        assertThat(closed).isEmpty();
    }

    @Test
    void noStreamBeginsUntilThereIsRoomAgain() {
        publish("first");
        used = 1_001;
        guard.check();
        assertThatThrownBy(() -> publish("second")).isInstanceOf(StreamException.class);
        used = 950;
        guard.check();
        assertThatThrownBy(() -> publish("second")).isInstanceOf(StreamException.class);
        used = 900;
        guard.check();
        assertThat(publish("second").key().name()).isEqualTo("second");
    }

    @Test
    void aNewCeilingCountsFromTheNextLook() {
        watch(publish("test"), "behind", 10);
        used = 1_001;
        ceiling = 2_000;
        guard.check();
        assertThat(closed).isEmpty();
        ceiling = 1_000;
        guard.check();
        assertThat(closed).containsExactly("behind");
    }
}
