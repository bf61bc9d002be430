package xiu.protocol.rtmp;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.stream.EndReason;
import xiu.stream.Peer;
import xiu.stream.RelayEnd;
import xiu.stream.StreamException;
import xiu.stream.StreamSource;

/** A stream played from another server and published here. */
final class RtmpPullSource implements StreamSource, RtmpClient.Listener {
    private static final AtomicLong COUNT = new AtomicLong();

    private final RtmpClient client;
    private @Nullable Events events;
    private @Nullable RtmpIngest ingest;

    RtmpPullSource(RtmpDialer dialer, RtmpUrl from, List<String> route) {
        this.client = new RtmpClient(dialer, from, RtmpClient.Purpose.PLAY, route, this);
    }

    @Override
    public void start(Events to) {
        events = to;
        client.start();
    }

    @Override
    public void stop() {
        client.stop(new RelayEnd(RelayEnd.Kind.STOPPED, "stopped"));
    }

    @Override
    public void onReady(RtmpClient ready) {
        // The stream begins here with the first media: some servers accept players of streams that they do not have.
    }

    @Override
    public void onMedia(Media media) {
        RtmpIngest into = ingest;
        if (into == null) {
            try {
                into = begin();
            } catch (StreamException e) {
                media.body().release();
                client.end(new RelayEnd(RelayEnd.Kind.REFUSED, String.valueOf(e.getMessage())));
                return;
            }
        }
        into.accept(media);
    }

    private RtmpIngest begin() {
        RtmpIngest begun = new RtmpIngest(
                new RtmpIngest.Origin(peer(client, Peer.RELAY_PULL, COUNT), "", route()), this::onRevoked);
        begun.begin(Objects.requireNonNull(events).connected(begun));
        ingest = begun;
        return begun;
    }

    private List<String> route() {
        return client.dialogue().farNode();
    }

    private void onRevoked(EndReason reason) {
        client.stop(new RelayEnd(RelayEnd.Kind.STOPPED, "the stream here was ended: " + reason));
    }

    @Override
    public void onEnded(RelayEnd end) {
        if (ingest != null) {
            ingest.end(
                    switch (end.kind()) {
                        case STREAM_ENDED, STOPPED, NOT_FOUND, REFUSED, LOOP -> EndReason.GOODBYE;
                        case STALLED -> EndReason.TIMED_OUT;
                        case UNREACHABLE -> EndReason.CONNECTION_LOST;
                    });
        }
        if (events != null) {
            events.ended(end);
        }
    }

    static Peer peer(RtmpClient client, String protocol, AtomicLong count) {
        String id = protocol + "-" + count.incrementAndGet();
        return client.dialogue().link().channel().remoteAddress() instanceof InetSocketAddress remote
                ? new Peer(id, protocol, remote.getAddress(), remote.getPort())
                : new Peer(id, protocol, null, 0);
    }
}
