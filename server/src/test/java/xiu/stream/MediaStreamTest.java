package xiu.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xiu.media.SampleMedia.AUDIO;
import static xiu.media.SampleMedia.METADATA;
import static xiu.media.SampleMedia.VIDEO;
import static xiu.stream.LogWatcher.Growth.FRAME;
import static xiu.stream.LogWatcher.Growth.KEY_FRAME;
import static xiu.stream.LogWatcher.Growth.PART;
import static xiu.stream.SampleStreams.peer;
import static xiu.stream.SampleStreams.settings;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.media.MediaPacket;
import xiu.media.PacketFormat;
import xiu.media.SampleFormat;
import xiu.media.SampleMedia;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.medialog.ByteLog;
import xiu.medialog.JoinPoint;
import xiu.medialog.PacketCursor;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.SampleStreams.SampleWatcher;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;

class MediaStreamTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final ManualTimer timer = new ManualTimer();
    private long nanos;
    private final StreamHub hub =
            new StreamHub(settings(changes -> changes.gops(2)), AccessPolicy.OPEN, timer, () -> nanos);
    private Publication publication = hub.feed(KEY, new SamplePublisher("A", 1));
    private final MediaStream stream = publication.stream();

    @AfterEach
    void nothingIsLeft() {
        hub.stop();
        assertThat(stream.memory()).isZero();
        assertThat(timer.waiting()).isZero();
        timer.shutdownNow();
    }

    /** A relay that joined between two key frames which are minutes apart. */
    @Test
    void beginsWithAnyPictureWhenNoKeyFrameComesForLong() {
        for (int i = 0; i < 11_000; i += 40) {
            write(VIDEO, i, false);
        }
        PacketCursor cursor = stream.openCursor();
        assertThat(read(cursor)).first().isEqualTo(10_000L);
        cursor.close();
    }

    @Test
    void beginsAtARecoveryPointAtOnce() {
        publication.write(MediaFeed.picture(MediaFeed.AVC, 0, 0, false, 10));
        MediaPacket idr = MediaFeed.picture(MediaFeed.AVC, 40, 40, true, 10);
        publication.write(new MediaPacket(idr.track(), new MediaPacket.Time(40_000, 40_000), false, idr.bytes(), 5));
        PacketCursor cursor = stream.openCursor();
        MediaPacket first = Objects.requireNonNull(cursor.next());
        assertThat(first.dts()).isEqualTo(40_000);
        assertThat(first.entry()).isEqualTo(MediaPacket.Entry.SUBSTITUTE);
        cursor.close();
    }

    @Test
    void beginsWithAKeyFrame() {
        write(VIDEO, 0, false);
        write(AUDIO, 5, false);
        write(VIDEO, 40, true);
        write(VIDEO, 80, false);
        PacketCursor cursor = stream.openCursor();
        assertThat(read(cursor)).containsExactly(40L, 80L);
        cursor.close();
        assertThat(stream.counters().packets()).isEqualTo(3);
    }

    /** 20 s and 160 KB, which no reader holds, with so many key frames. */
    private static long kept(long logBytes, Duration logDuration, int keyFrames) {
        StreamLimits all = StreamLimits.defaults();
        StreamLimits limits = new StreamLimits(
                1,
                0,
                logBytes,
                all.logPackets(),
                logDuration,
                all.viewerBacklogBytes(),
                all.viewerBacklogTime(),
                all.viewerStallTimeout(),
                0,
                0);
        ManualTimer timer = new ManualTimer();
        StreamHub small = new StreamHub(StreamSettings.defaults().with(keyFrames, limits), AccessPolicy.OPEN, timer);
        Publication publication = small.feed(KEY, new SamplePublisher("A", 1));
        for (int i = 0; i < 500; i++) {
            publication.write(SampleMedia.packet(VIDEO, i * 40L, i % (500 / keyFrames) == 0, i, 40));
        }
        long kept = publication.stream().memory();
        small.stop();
        timer.shutdownNow();
        return kept;
    }

    @Test
    void keepsAsMuchAsTheLimitsSay() {
        // In chunks of 8 KB that last a second at most.
        assertThat(kept(16 << 20, Duration.ofSeconds(30), 1)).isBetween(500L * 320, 512L * 320 + 8_192);
        assertThat(kept(64 << 10, Duration.ofSeconds(30), 1)).isBetween(24L << 10, 64L << 10);
        assertThat(kept(16 << 20, Duration.ofSeconds(2), 20)).isBetween(40L * 320, 10L * 4_096);
        // But time does not take the only place where players can begin.
        assertThat(kept(16 << 20, Duration.ofSeconds(2), 1)).isGreaterThan(500L * 320);
    }

    @Test
    void aFormatThatComesLateHasAllTheGroupsOfPictures() {
        publication.configure(METADATA);
        publication.configure(VIDEO);
        for (int i = 0; i < 25; i++) {
            write(VIDEO, i * 40, i % 10 == 0);
        }
        ByteLog log = stream.byteLog(SampleFormat.ALL);
        assertThat(stream.byteLog(new SampleFormat(true, true))).isSameAs(log);
        JoinPoint two = Objects.requireNonNull(log.join(2));
        assertThat(two.chunk().timeAt(two.offset())).isEqualTo(400_000);
        two.chunk().release();
    }

    private static void pass(ManualTimer timer, int seconds) {
        for (int second = 0; second < seconds; second++) {
            timer.advance(1_000, false);
        }
    }

    @Test
    void aFormatGoesSomeSecondsAfterItsLastReader() {
        write(VIDEO, 0, true);
        ByteLog log = stream.byteLog(SampleFormat.ALL);
        assertThat(stream.byteLog(SampleFormat.ALL)).isSameAs(log);
        stream.readers().leave(log);
        pass(timer, 60);
        assertThat(stream.readers().formats()).isOne();
        stream.readers().leave(log);
        pass(timer, 2);
        assertThat(stream.byteLog(SampleFormat.ALL)).isSameAs(log);
        stream.readers().leave(log);
        pass(timer, 3);
        assertThat(stream.readers().formats()).isOne();
        pass(timer, 3);
        assertThat(stream.readers().formats()).isZero();
        assertThat(timer.waiting()).isZero();
        assertThat(log.join(1)).isNull();
        assertThat(stream.byteLog(SampleFormat.ALL)).isNotSameAs(log);
    }

    /** One that a single player's wish leads to. */
    private record Uncommon(int number) implements PacketFormat {
        @Override
        public void begin(List<Track> tracks, ByteBuf out) {
            SampleFormat.ALL.begin(tracks, out);
        }

        @Override
        public void configuration(Track track, long dts, ByteBuf out) {
            SampleFormat.ALL.configuration(track, dts, out);
        }

        @Override
        public void packet(MediaPacket packet, ByteBuf out) {
            SampleFormat.ALL.packet(packet, out);
        }

        @Override
        public int trailer(MediaPacket packet) {
            return -1;
        }

        @Override
        public int overhead(int bodyBytes) {
            return SampleFormat.ALL.overhead(bodyBytes);
        }

        @Override
        public boolean isUncommon() {
            return true;
        }
    }

    @Test
    void uncommonFormatsAreFewAndThoseThatNobodyReadsMakeRoom() {
        List<ByteLog> logs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            logs.add(stream.byteLog(new Uncommon(i)));
        }
        assertThatThrownBy(() -> stream.byteLog(new Uncommon(8)))
                .isInstanceOf(StreamException.class)
                .hasMessage("formats: more than 8 uncommon ones are being read of live/test");
        assertThat(stream.byteLog(new Uncommon(7))).isSameAs(logs.get(7));
        assertThat(stream.byteLog(SampleFormat.ALL)).isNotNull();
        stream.readers().leave(logs.get(3));
        assertThat(stream.byteLog(new Uncommon(8))).isNotNull();
        assertThat(stream.readers().formats()).isEqualTo(9);
    }

    @Test
    void anotherPublisherBringsItsOwnTracks() {
        publication.configure(VIDEO);
        publication.configure(AUDIO);
        assertThat(stream.tracks()).containsExactly(VIDEO, AUDIO);
        publication.end(EndReason.CONNECTION_LOST); // without a single packet
        publication = hub.feed(KEY, new SamplePublisher("B", 1));
        assertThat(stream.tracks()).isEmpty();
        publication.configure(AUDIO);
        assertThat(stream.tracks()).containsExactly(AUDIO);
    }

    @Test
    void viewersAndReadersGoOnWithTheNextPublisher() {
        Viewer viewer = stream.join(peer("V", 2), reason -> {});
        write(VIDEO, 1_000, true);
        PacketCursor cursor = stream.openCursor();
        publication.end(EndReason.CONNECTION_LOST);
        Publication old = publication;
        publication = hub.feed(KEY, new SamplePublisher("B", 1));
        old.write(SampleMedia.packet(VIDEO, 1_040, true)); // too late
        write(VIDEO, 77, false); // nobody could decode that
        write(VIDEO, 117, true);
        assertThat(read(cursor)).containsExactly(1_000L, 1_040L);
        assertThat(cursor.skipped()).isZero();
        assertThat(stream.viewers()).containsExactly(viewer);
        cursor.close();
        viewer.leave(EndReason.GOODBYE);
    }

    /** A pull asks twice a second whether anybody watches: nothing is copied or walked for that, whatever the crowd. */
    @Test
    void playersAreCountedApartFromRelaysAndNotCopied() {
        Viewers seen = stream.viewers();
        Viewer player = stream.join(peer("V", 2), reason -> {});
        Viewer relay = stream.join(new Peer("R", Peer.RELAY_PUSH, null, 1), reason -> {});
        assertThat(stream.counters().players()).isEqualTo(1);
        assertThat(seen).containsExactlyInAnyOrder(player, relay);
        player.leave(EndReason.GOODBYE);
        player.leave(EndReason.GOODBYE);
        assertThat(stream.counters().players()).isZero();
        relay.leave(EndReason.GOODBYE);
        assertThat(stream.counters().players()).isZero();
        assertThat(seen).isEmpty();
    }

    @Test
    void anEndedStreamLivesUntilItsLastReaderHasGone() {
        Viewer viewer = stream.join(peer("V", 2), reason -> {});
        write(VIDEO, 0, true);
        ByteLog log = stream.byteLog(SampleFormat.ALL);
        PacketCursor cursor = stream.openCursor();
        publication.end(EndReason.GOODBYE);
        assertThat(stream.memory()).isPositive();
        viewer.leave(EndReason.GOODBYE);
        viewer.leave(EndReason.GOODBYE);
        assertThat(read(cursor)).containsExactly(0L);
        assertThat(stream.memory()).isPositive();
        cursor.close();
        stream.cursorClosed();
        assertThat(stream.memory()).isZero();
        assertThat(log.join(1)).isNull();
        assertThat(stream.byteLog(SampleFormat.ALL).join(1)).isNull();
    }

    @Test
    void watchersAreToldOnceThatItIsOver() {
        SampleWatcher early = new SampleWatcher();
        SampleWatcher gone = new SampleWatcher();
        stream.watch(early);
        stream.watch(gone);
        stream.unwatch(gone);
        publication.end(EndReason.GOODBYE);
        SampleWatcher late = new SampleWatcher();
        stream.watch(late);
        hub.stop();
        assertThat(early.end()).isEqualTo(EndReason.GOODBYE);
        assertThat(late.end()).isEqualTo(EndReason.GOODBYE);
        assertThat(gone.end()).isNull();
    }

    @Test
    void audioTravelsWithVideo() {
        SampleWatcher watcher = new SampleWatcher();
        stream.watch(watcher);
        at(0, VIDEO);
        at(23, AUDIO);
        nanos = TimeUnit.MILLISECONDS.toNanos(33);
        write(VIDEO, 33, false);
        at(46, AUDIO);
        nanos = TimeUnit.MILLISECONDS.toNanos(66);
        write(VIDEO, 66, false);
        assertThat(watcher.growths()).containsExactly(KEY_FRAME, PART, FRAME, PART, FRAME);
    }

    @Test
    void audioAloneGoesInPairsAndSparseAudioAtOnce() {
        SampleWatcher watcher = new SampleWatcher();
        stream.watch(watcher);
        at(0, AUDIO);
        at(23, AUDIO);
        at(46, AUDIO);
        at(1_000, AUDIO);
        at(1_128, AUDIO);
        assertThat(watcher.growths()).containsExactly(FRAME, PART, FRAME, FRAME, FRAME);
    }

    @Test
    void anEqualTrackChangesNothing() {
        publication.configure(METADATA);
        SampleWatcher watcher = new SampleWatcher();
        stream.watch(watcher);
        publication.configure(SampleMedia.track(Track.METADATA_ID, TrackKind.DATA, "metadata"));
        assertThat(watcher.growths()).isEmpty();
        publication.configure(SampleMedia.track(Track.METADATA_ID, TrackKind.DATA, "new metadata"));
        assertThat(watcher.growths()).containsExactly(PART);
    }

    @Test
    void aViewerIsKickedThroughItsSession() {
        List<EndReason> kicked = new ArrayList<>();
        Viewer viewer = stream.join(peer("V", 2), kicked::add);
        viewer.kick(EndReason.KICKED);
        assertThat(kicked).containsExactly(EndReason.KICKED);
        assertThat(stream.viewerCount()).isEqualTo(1);
        viewer.leave(EndReason.KICKED);
        assertThat(stream.viewerCount()).isZero();
    }

    private void at(long millis, Track track) {
        nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        write(track, millis, track == VIDEO);
    }

    private void write(Track track, long millis, boolean key) {
        publication.write(SampleMedia.packet(track, millis, key));
    }

    private static List<Long> read(PacketCursor cursor) {
        List<Long> millis = new ArrayList<>();
        for (MediaPacket packet = cursor.next(); packet != null; packet = cursor.next()) {
            millis.add(packet.dts() / 1000);
        }
        return millis;
    }
}
