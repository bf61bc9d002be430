package xiu.rehearsal;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.client.RtmpDialer;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.EndReason;
import xiu.stream.LogWatcher;
import xiu.stream.Peer;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSink;
import xiu.stream.relay.StreamSource;
import xiu.stream.settings.StreamSettings;
import xiu.transport.EventLoops;
import xiu.transport.TransportSettings;
import xiu.transport.trouble.GuardedTask;

/** A node that publishes to the server and plays from it as relays do, with the RTMP clients of relays. */
final class RtmpNode {
    /** Eight times as fast as the timestamps say, so that the JVM sees more in the same time. */
    private static final long PICTURE_MILLIS = 4;

    private static final StreamKey ORIGINAL = new StreamKey("live", "rehearsal");

    private final EventLoops loops = EventLoops.open(TransportSettings.defaults());
    private final EventLoop camera = (EventLoop) loops.workers().next();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), AccessPolicy.OPEN, camera);
    private final RtmpDialer dialer =
            new RtmpDialer(loops, Live.of(RtmpSettings.defaults()), new MessageMemory(Long.MAX_VALUE));
    private final URI there;
    private final SyntheticMedia media = new SyntheticMedia();
    private final Publication original = hub.feed(ORIGINAL, new Encoder());

    /** A node whose server listens at {@code server}. */
    RtmpNode(InetSocketAddress server) {
        there = URI.create("rtmp://" + server.getAddress().getHostAddress() + ":" + server.getPort() + "/" + ORIGINAL);
    }

    /** Begins to send the stream to the server; completes when the server accepts it. */
    CompletableFuture<Void> publish() {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        dialer.sink(ORIGINAL, there, List.of()).start(original.stream(), new StreamSink.Events() {
            @Override
            public void connected() {
                taken.complete(null);
            }

            @Override
            public void ended(RelayEnd end) {
                taken.completeExceptionally(new IllegalStateException(end.toString()));
            }
        });
        return taken;
    }

    /** Makes pictures until {@link #cut}. */
    void roll() {
        GuardedTask.every(PICTURE_MILLIS, camera, "rehearsal_camera", () -> media.shoot(original));
    }

    /** The stream is over. */
    void cut() {
        camera.execute(() -> original.end(EndReason.GOODBYE));
    }

    /** Plays the stream from the server. */
    void play(int number, FrameCount seen) {
        StreamKey copy = new StreamKey("copy", Integer.toString(number));
        dialer.source(copy, there, List.of()).start(new StreamSource.Events() {
            @Override
            public Publication connected(Publisher publisher) {
                Publication publication = hub.feed(copy, publisher);
                publication.stream().watch(new Counter(seen));
                return publication;
            }

            @Override
            public void ended(RelayEnd end) {
                if (end.kind() == RelayEnd.Kind.STREAM_ENDED) {
                    seen.ended();
                } else {
                    seen.failed(new IllegalStateException(end.toString()));
                }
            }
        });
    }

    /** Ends everything. */
    CompletableFuture<Void> close() {
        hub.stop();
        return loops.shutdown().toCompletableFuture();
    }

    /** The publisher of the stream on this node. */
    private static final class Encoder implements Publisher {
        @Override
        public Peer peer() {
            return new Peer("encoder", "rehearsal", null, 0);
        }

        @Override
        public void onRevoked(EndReason reason) {
            // Packets that are still written are dropped.
        }
    }

    /** Counts the packets that are appended to a stream. */
    private record Counter(FrameCount seen) implements LogWatcher {
        @Override
        public void onAppend(Growth growth) {
            seen.frame();
        }

        @Override
        public void onEnd(EndReason reason) {
            // The source reports the end.
        }
    }
}
