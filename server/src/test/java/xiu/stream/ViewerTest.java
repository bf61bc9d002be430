package xiu.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is known of somebody who watches, whatever the protocol. */
class ViewerTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final ManualTimer timer = new ManualTimer();
    private long nanos = 5;
    private final StreamHub hub =
            new StreamHub(SampleStreams.settings(changes -> changes), AccessPolicy.OPEN, timer, () -> nanos);
    private final MediaStream stream = hub.feed(KEY, new SampleStreams.SamplePublisher("A", 1)).stream();

    @AfterEach
    void stop() {
        hub.stop();
        timer.shutdownNow();
    }

    private Viewer join(String id) {
        return stream.join(SampleStreams.peer(id, 2), reason -> {});
    }

    @Test
    void saysWhoWatchesWhatAndSinceWhen() {
        Instant before = Instant.now().minusMillis(1);
        Viewer viewer = stream.join(SampleStreams.peer("V", 2).called("VLC/3.0"), reason -> {});
        assertThat(viewer.stream().key()).isEqualTo(KEY);
        assertThat(viewer.peer().agent()).isEqualTo("VLC/3.0");
        assertThat(viewer.peer().protocol()).isEqualTo("test");
        assertThat(viewer.since()).isBetween(before, Instant.now());
        nanos += 70;
        assertThat(viewer.watchedNanos()).isEqualTo(70);
    }

    /** Who may end viewers names them by their ids: nobody else shall find one by trying. */
    @Test
    void idsAreUniqueAndCannotBeGuessed() {
        Set<String> ids = new HashSet<>();
        Set<Character> last = new HashSet<>();
        Set<Character> first = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            String id = join("same").id();
            assertThat(id).matches("[a-z2-7]{16}");
            ids.add(id);
            first.add(id.charAt(0));
            last.add(id.charAt(15));
        }
        assertThat(ids).hasSize(500);
        assertThat(first).hasSizeGreaterThan(25);
        assertThat(last).hasSizeGreaterThan(25);
    }

    @Test
    void bytesAndSkipsAreItsOwnItsStreamsAndThoseOfItsProtocol() {
        Viewer one = join("one");
        Viewer two = join("two");
        one.sent(100);
        one.sent(0);
        two.sent(11);
        two.skipped();
        assertThat(one.sentBytes()).isEqualTo(100);
        assertThat(two.sentBytes()).isEqualTo(11);
        assertThat(one.skips()).isZero();
        assertThat(two.skips()).isEqualTo(1);
        one.leave(EndReason.GOODBYE);
        assertThat(stream.counters().sentBytes()).isEqualTo(111);
        assertThat(stream.counters().skips()).isEqualTo(1);
        assertThat(hub.counters().sentBytes().count("test")).isEqualTo(111);
        assertThat(hub.counters().skips().count("test")).isEqualTo(1);
    }

    @Test
    void aListHasThoseWhoHaveBeenThereForTheLongest() {
        List<Viewer> joined = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            nanos++;
            joined.add(join("v" + i));
        }
        assertThat(stream.viewers().list(5)).isEqualTo(joined.subList(0, 5));
        joined.get(1).leave(EndReason.GOODBYE);
        assertThat(stream.viewers().list(2)).containsExactly(joined.get(0), joined.get(2));
        assertThat(stream.viewers().list(100)).hasSize(19);
        assertThat(stream.viewers().count()).isEqualTo(19);
    }

    @Test
    void isFoundByItsIdAndToldToGoForAReason() {
        List<EndReason> kicked = new ArrayList<>();
        Viewer viewer = stream.join(SampleStreams.peer("V", 2), kicked::add);
        Viewer found = stream.viewers().find(viewer.id());
        assertThat(found).isSameAs(viewer);
        found.kick(EndReason.KICKED);
        assertThat(kicked).containsExactly(EndReason.KICKED);
        viewer.leave(EndReason.KICKED);
        assertThat(stream.viewers().find(viewer.id())).isNull();
    }

    @Test
    void listenersAreToldOfTheViewerItself() {
        List<StreamEvent> events = new ArrayList<>();
        hub.addListener(events::add);
        Viewer viewer = join("V");
        viewer.leave(EndReason.KICKED);
        assertThat(events)
                .containsExactly(
                        new StreamEvent.Joined(stream, viewer), new StreamEvent.Left(stream, viewer, EndReason.KICKED));
    }

    /** It is shown to operators, and comes from strangers. */
    @Test
    void whatAPeerCallsItselfIsCutAndPrintable() {
        Peer peer = SampleStreams.peer("V", 2).called("bad\n\u001b[31m\"" + "x".repeat(1_000));
        assertThat(peer.agent()).startsWith("bad??[31m'x").hasSize(256);
        assertThat(SampleStreams.peer("V", 2).agent()).isEmpty();
    }
}
