package xiu.segment.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.check.PlaylistCheck;
import xiu.protocol.hls.playlist.HlsPlaylist;

class SegmentWindowTest {
    private static final long FIRST = 700;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final PlaylistCheck check = new PlaylistCheck();
    private final List<SegmentWindow> windows = new ArrayList<>();
    private SegmentWindow window = window(settings(6, 128 << 20));
    private long number = FIRST;
    private long now = 5 * SECOND;

    private SegmentWindow window(WindowSettings settings) {
        SegmentWindow made = new SegmentWindow("live/test", settings, FIRST);
        windows.add(made);
        return made;
    }

    private static WindowSettings settings(int listed, long bytes) {
        return new WindowSettings(listed, bytes, false);
    }

    @AfterEach
    void close() {
        windows.forEach(SegmentWindow::close);
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void listsTheNewestSegmentsAndNeverGoesBack() {
        for (int i = 0; i < 30; i++) {
            add(2000, false);
            PlaylistCheck.Playlist playlist = checked();
            assertThat(playlist.entries()).hasSize(Math.min(i + 1, 6));
            assertThat(playlist.entries().getLast().number()).isEqualTo(FIRST + i);
            assertThat(playlist.independent()).isTrue();
        }
    }

    @Test
    void discontinuitiesAreCountedWhenTheyScrollOut() {
        for (int i = 0; i < 40; i++) {
            add(2000, i % 7 == 3);
            checked();
        }
        // Of the six that came until then, all have scrolled out but the last one, number 38.
        assertThat(checked().discontinuities()).isEqualTo(FIRST + 5);
    }

    @Test
    void aRemovedSegmentStaysForAPlaylistDurationMore() {
        for (int i = 0; i < 6; i++) {
            add(2000, false);
        }
        add(2000, false);
        long removed = FIRST;
        assertThat(checked().sequence()).isEqualTo(FIRST + 1);
        // Its own two seconds and the fourteen that the playlist had when it was in it.
        now += 15 * SECOND;
        window.expire(now);
        assertThat(window.find(removed)).isNotNull();
        now += SECOND;
        assertThat(window.expire(now)).extracting(Segment::number).containsExactly(removed);
        assertThat(window.find(removed)).isNull();
    }

    @Test
    void aRemovedSegmentThatNobodyWasShownGoesWithTheNext() {
        for (int i = 0; i < 7; i++) {
            add(2000, false);
        }
        // The playlist before may be on its way to somebody.
        assertThat(window.find(FIRST)).isNotNull();
        assertThat(window.add(segment(2000, false), 2, now))
                .extracting(Segment::number)
                .containsExactly(FIRST);
        window.show(FIRST + 6);
        add(2000, false);
        add(2000, false);
        assertThat(window.find(FIRST + 1))
                .as("shown just before it would have gone")
                .isNotNull();
    }

    @Test
    void whatIsListedWithoutNeedCanBeTakenOutAndIsGoneUnlessItWasShown() {
        for (int i = 0; i < 4; i++) {
            add(2000, false);
        }
        window.show(FIRST + 1);
        assertThat(window.unlist(0, 1, now)).isTrue();
        assertThat(window.state().segments()).extracting(Segment::number).containsExactly(FIRST + 3);
        assertThat(window.forgetUnshown()).extracting(Segment::number).containsExactly(FIRST + 2);
        assertThat(window.find(FIRST + 1)).as("shown to somebody").isNotNull();
        assertThat(window.unlist(0, 1, now)).as("nothing to do").isFalse();
        assertThat(window.unlist(0, 0, now)).isTrue();
        assertThat(window.state()).isNull();
        window.add(segment(2000, false), 2, now);
        assertThat(checked().sequence()).isEqualTo(FIRST + 4);
    }

    @Test
    void takingOutCountsDiscontinuities() {
        add(2000, false);
        add(2000, true);
        add(2000, false);
        window.unlist(0, 1, now);
        assertThat(checked().discontinuities()).isEqualTo(FIRST + 1);
    }

    /** As a request does it on one thread while the stream's thread takes out what nobody asks for. */
    @Test
    void whatIsShownIsThereHoweverSoonItIsTakenOut() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> missed = CompletableFuture.supplyAsync(() -> {
            int gone = 0;
            while (!done.get()) {
                WindowState shown = window.state();
                if (shown != null) {
                    window.show(shown.segments().getLast().number());
                    if (window.state() == shown
                            && window.find(shown.segments().getFirst().number()) == null) {
                        gone++;
                    }
                }
            }
            return gone;
        });
        for (int i = 0; i < 20_000; i++) {
            window.add(segment(2000, false), 2, now);
            window.unlist(0, 0, now);
            window.forgetUnshown();
        }
        done.set(true);
        assertThat(missed.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void whatIsWrittenToAFolderMayHaveBeenSeenThere() {
        window = window(new WindowSettings(6, 128 << 20, true));
        for (int i = 0; i < 10; i++) {
            add(2000, false);
        }
        assertThat(window.find(FIRST)).isNotNull();
    }

    @Test
    void whatIsLeftLastsThreeTargetDurations() {
        window = window(settings(3, 128 << 20));
        for (int i = 0; i < 20; i++) {
            window.add(segment(1100, false), 2, now);
            PlaylistCheck.Playlist playlist = checked();
            assertThat(playlist.seconds() >= 6 || playlist.sequence() == FIRST).isTrue();
        }
    }

    @Test
    void bytesAreBounded() {
        window = window(settings(6, 256 << 10));
        long before = SegmentWindow.LINES.count("limit_hls_window_bytes");
        for (int i = 0; i < 100; i++) {
            window.add(segment(2000, false, 60 << 10), 2, now);
            assertThat(window.bytes()).isLessThanOrEqualTo(256 << 10);
            checked();
        }
        assertThat(SegmentWindow.LINES.count("limit_hls_window_bytes") - before).isEqualTo(96);
    }

    /** Room for the six of the playlist and two more. */
    @Test
    void whatHasLeftThePlaylistGoesBeforeWhatIsInIt() {
        window = window(settings(6, 512 << 10));
        for (int i = 0; i < 30; i++) {
            window.add(segment(2000, false, 60 << 10), 2, now);
            assertThat(window.bytes()).isLessThanOrEqualTo(512 << 10);
            assertThat(checked().entries()).hasSize(Math.min(i + 1, 6));
        }
        assertThat(window.find(number - 8)).isNotNull();
        assertThat(window.find(number - 9)).isNull();
    }

    @Test
    void thereIsNoPlaylistBeforeTheTargetIsDecided() {
        window.add(segment(300, false), 0, now);
        assertThat(window.state()).isNull();
        window.add(segment(2000, true), 2, now);
        assertThat(checked().entries()).hasSize(2);
    }

    @Test
    void theEndIsSaidAndTheSegmentsStay() {
        add(2000, false);
        checked();
        window.end(2, true);
        assertThat(checked().ended()).isTrue();
        assertThat(window.find(FIRST)).isNotNull();
    }

    @Test
    void aFollowingWindowKeepsTheSegmentsOfTheOneBefore() {
        add(2000, false);
        add(2000, false);
        window.end(2, true);
        checked();
        SegmentWindow next = window(settings(6, 128 << 20));
        next.inherit(window, now);
        next.add(segment(2000, false), 2, now);
        assertThat(next.find(FIRST)).isNotNull();
        assertThat(next.find(FIRST + 1)).isNotNull();
        assertThat(next.state().segments()).hasSize(1);
        assertThat(next.bytes()).isEqualTo(3L * next.find(FIRST).size());
        assertThat(window.bytes()).isZero();
        now += 60 * SECOND;
        assertThat(next.expire(now)).hasSize(2);
    }

    @Test
    void independenceIsOnlyClaimedWhileItIsTrue() {
        for (int i = 0; i < 12; i++) {
            window.add(Segments.tables(allocator, number++, 0, i != 3), 2, now);
            assertThat(checked().independent()).isEqualTo(i < 3 || i > 8);
        }
    }

    private void add(long millis, boolean discontinuity) {
        window.add(segment(millis, discontinuity), 2, now);
    }

    private Segment segment(long millis, boolean discontinuity) {
        return segment(millis, discontinuity, 0);
    }

    private Segment segment(long millis, boolean discontinuity, int size) {
        return Segments.of(allocator, number++, size, millis, discontinuity);
    }

    private PlaylistCheck.Playlist checked() {
        HlsPlaylist shown = HlsPlaylist.of(window.state());
        window.show(shown.lastNumber());
        return check.next(shown.text(""));
    }
}
