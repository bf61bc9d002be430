package xiu.stream;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xiu.media.SampleMedia.VIDEO;
import static xiu.stream.SampleStreams.settings;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.PacketFormat;
import xiu.media.SampleFormat;
import xiu.media.SampleMedia;
import xiu.media.Track;
import xiu.media.WireFormat;
import xiu.medialog.ByteLog;
import xiu.stream.SampleStreams.SamplePublisher;
import xiu.stream.SampleStreams.SampleWatcher;

/** Whatever is told or asked by a stream may throw: the publisher goes on, and so does everybody else. */
class ContainedFaultsTest {
    private static final StreamKey KEY = new StreamKey("live", "test");

    private final ManualTimer timer = new ManualTimer();
    private final StreamHub hub = new StreamHub(settings(changes -> changes.gops(2)), AccessPolicy.OPEN, timer);
    private final List<Throwable> reported = new ArrayList<>();
    private final Thread.UncaughtExceptionHandler before =
            Thread.currentThread().getUncaughtExceptionHandler();
    private boolean faulty;

    private void collectReports() {
        Thread.currentThread().setUncaughtExceptionHandler((thread, fault) -> reported.add(fault));
    }

    @AfterEach
    void nothingIsLeft() {
        hub.stop();
        Thread.currentThread().setUncaughtExceptionHandler(before);
        timer.shutdownNow();
    }

    /** A watcher that throws, whatever it is told. */
    private static final class FaultyWatcher implements LogWatcher {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void onAppend(Growth growth) {
            heard.add("append");
            throw new StackOverflowError("planted");
        }

        @Override
        public boolean isEager() {
            throw new IllegalStateException("planted");
        }

        @Override
        public void onEnd(EndReason reason) {
            heard.add("end " + reason);
            throw new IllegalStateException("planted");
        }
    }

    /** A format that fails when it is told to. */
    private final class FaultyFormat implements PacketFormat {
        @Override
        public void begin(List<Track> tracks, ByteBuf out) {}

        @Override
        public void configuration(Track track, long dts, ByteBuf out) {
            fail();
        }

        @Override
        public void packet(MediaPacket packet, ByteBuf out) {
            out.writeByte(1);
            fail();
        }

        @Override
        public boolean holdsPackets() {
            return true;
        }

        @Override
        public int trailer(MediaPacket packet) {
            // Packets stand among these bytes, until it fails.
            return 0;
        }

        @Override
        public int overhead(int bodyBytes) {
            return 1;
        }

        private void fail() {
            if (faulty) {
                throw new StackOverflowError("planted");
            }
        }
    }

    @Test
    void aWatcherThatThrowsIsToldThatItIsOverAndTheOthersGoOn() {
        collectReports();
        Publication publication = hub.feed(KEY, new SamplePublisher("A", 1));
        MediaStream stream = publication.stream();
        FaultyWatcher faultyOne = new FaultyWatcher();
        SampleWatcher good = new SampleWatcher();
        stream.watch(faultyOne);
        stream.watch(good);
        write(publication, 0);
        write(publication, 40);
        assertThat(stream.counters().packets()).isEqualTo(2);
        assertThat(good.growths()).hasSize(2);
        assertThat(faultyOne.heard).containsExactly("append", "end FAILED");
        publication.end(EndReason.GOODBYE);
        assertThat(good.end()).isEqualTo(EndReason.GOODBYE);
        assertThat(stream.memory()).isZero();
        assertThat(reported).hasSize(2);
    }

    @Test
    void aWatcherThatThrowsAtTheEndKeepsItFromNobody() {
        collectReports();
        Publication publication = hub.feed(KEY, new SamplePublisher("A", 1));
        MediaStream stream = publication.stream();
        FaultyWatcher faultyOne = new FaultyWatcher();
        SampleWatcher good = new SampleWatcher();
        stream.watch(faultyOne);
        stream.watch(good);
        assertThat(stream.isAwaited()).isFalse();
        publication.end(EndReason.GOODBYE);
        assertThat(good.end()).isEqualTo(EndReason.GOODBYE);
        assertThat(hub.find(KEY)).isNull();
    }

    @Test
    void aPublisherThatThrowsWhenItIsRevokedStopsNeitherItsSuccessorNorTheEnd() {
        collectReports();
        Publisher rude = new Publisher() {
            @Override
            public Peer peer() {
                return SampleStreams.peer("A", 1);
            }

            @Override
            public void onRevoked(EndReason reason) {
                throw new StackOverflowError("planted");
            }
        };
        List<String> events = new ArrayList<>();
        hub.addListener(event -> {
            throw new StackOverflowError("planted");
        });
        hub.addListener(event -> events.add(event.getClass().getSimpleName()));
        MediaStream stream = hub.feed(KEY, rude).stream();
        hub.feed(KEY, rude);
        SampleWatcher watcher = new SampleWatcher();
        stream.watch(watcher);
        hub.stop();
        assertThat(watcher.end()).isEqualTo(EndReason.STOPPING);
        assertThat(events).containsExactly("Created", "Published", "Unpublished", "Published", "Unpublished", "Ended");
    }

    /** Its readers are told, the publisher and the other formats lose nothing, and whoever asks again gets a new log. */
    @Test
    void aFormatThatThrowsEndsForItsReadersOnly() {
        collectReports();
        Publication publication = hub.feed(KEY, new SamplePublisher("A", 1));
        MediaStream stream = publication.stream();
        List<WireFormat> broken = new ArrayList<>();
        stream.watch(new LogWatcher() {
            @Override
            public void onAppend(Growth growth) {}

            @Override
            public void onBroken(WireFormat format) {
                broken.add(format);
            }

            @Override
            public void onEnd(EndReason reason) {}
        });
        FaultyFormat format = new FaultyFormat();
        ByteLog bad = stream.byteLog(format);
        ByteLog good = stream.byteLog(SampleFormat.ALL);
        write(publication, 0);
        faulty = true;
        write(publication, 40);
        write(publication, 80);
        assertThat(broken).containsExactly(format);
        assertThat(bad.isBroken()).isTrue();
        assertThat(bad.join(1)).isNull();
        assertThat(good.newestTime()).isEqualTo(80_000);
        assertThatThrownBy(() -> stream.byteLog(format)).hasMessage("planted");
        faulty = false;
        assertThat(stream.byteLog(format)).isNotSameAs(bad);
        write(publication, 120);
        assertThat(stream.byteLog(format).newestTime()).isEqualTo(120_000);
        assertThat(reported).hasSize(1);
        publication.end(EndReason.GOODBYE);
        assertThat(stream.memory()).isZero();
    }

    @Test
    void aFormatThatThrowsAtAConfigurationEndsForItsReadersOnly() {
        collectReports();
        Publication publication = hub.feed(KEY, new SamplePublisher("A", 1));
        MediaStream stream = publication.stream();
        ByteLog bad = stream.byteLog(new FaultyFormat());
        write(publication, 0);
        faulty = true;
        publication.configure(SampleMedia.METADATA);
        assertThat(bad.isBroken()).isTrue();
        write(publication, 40);
        assertThat(stream.counters().packets()).isEqualTo(2);
        publication.end(EndReason.GOODBYE);
        assertThat(stream.memory()).isZero();
    }

    private List<Throwable> failures(AccessPolicy policy, StreamLocator resolver) {
        StreamHub asked = new StreamHub(settings(changes -> changes), policy, timer);
        asked.addLocator(resolver);
        AccessRequest request = new AccessRequest(
                AccessRequest.Action.PLAY, KEY, SampleStreams.peer("V", 1), AccessRequest.Credentials.NONE);
        CompletableFuture<MediaStream> answer = asked.play(request).toCompletableFuture();
        timer.advance(60_000, false);
        assertThat(answer).isCompletedExceptionally();
        assertThat(timer.waiting()).isZero();
        return List.of(answer.exceptionNow());
    }

    @Test
    void aPolicyThatThrowsOrNeverAnswersHasSaidNo() {
        assertThat(failures(
                        request -> {
                            throw new StackOverflowError("planted");
                        },
                        StreamDirectory.LOCAL))
                .singleElement(as(InstanceOfAssertFactories.type(StreamException.class)))
                .returns(StreamException.Reason.DENIED, StreamException::reason);
        assertThat(failures(request -> new CompletableFuture<>(), StreamDirectory.LOCAL))
                .singleElement(as(InstanceOfAssertFactories.type(StreamException.class)))
                .returns(StreamException.Reason.DENIED, StreamException::reason);
    }

    @Test
    void aResolverThatThrowsOrNeverAnswersIsAFailure() {
        assertThat(failures(AccessPolicy.OPEN, missing -> {
                    throw new StackOverflowError("planted");
                }))
                .singleElement()
                .isInstanceOf(StackOverflowError.class);
        assertThat(failures(AccessPolicy.OPEN, missing -> new CompletableFuture<>()))
                .singleElement()
                .isInstanceOf(TimeoutException.class);
    }

    /** Where no grace period can begin, the stream ends at once: otherwise nobody would ever end it. */
    @Test
    void aStreamWhoseGraceCannotBeginEnds() {
        collectReports();
        ScheduledThreadPoolExecutor exhausted = new ScheduledThreadPoolExecutor(0) {
            @Override
            public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
                throw new StackOverflowError("planted");
            }
        };
        StreamHub poor = new StreamHub(settings(changes -> changes), AccessPolicy.OPEN, exhausted);
        Publication publication = poor.feed(KEY, new SamplePublisher("A", 1));
        publication.end(EndReason.CONNECTION_LOST);
        assertThat(publication.stream().endReason()).isEqualTo(EndReason.CONNECTION_LOST);
        assertThat(poor.find(KEY)).isNull();
        assertThat(reported).hasSize(1);
        exhausted.shutdownNow();
    }

    private static void write(Publication to, long millis) {
        to.write(SampleMedia.packet(VIDEO, millis, true));
    }
}
