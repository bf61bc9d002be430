package xiu.protocol.rtmp.client;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSink;
import xiu.transport.Playback;

/** A stream of this server published to another one. It is a viewer like any other. */
final class RtmpPushSink implements StreamSink, RtmpClient.Listener, Playback.Listener {
    private static final AtomicLong COUNT = new AtomicLong();

    private final RtmpClient client;
    private @Nullable MediaStream stream;
    private @Nullable Events events;
    private @Nullable Peer peer;
    private @Nullable Playback playback;

    RtmpPushSink(ClientContext context, RtmpUrl to, List<String> route) {
        this.client = new RtmpClient(context, to, new ClientRequest(ClientRequest.Purpose.PUBLISH, route), this);
    }

    @Override
    public void start(MediaStream of, Events to) {
        stream = of;
        events = to;
        client.start();
    }

    @Override
    public void stop() {
        client.stop(new RelayEnd(RelayEnd.Kind.STOPPED, "stopped"));
    }

    @Override
    public Peer peer() {
        return Objects.requireNonNull(peer);
    }

    @Override
    public void onReady() {
        peer = client.peer(Peer.RELAY_PUSH, COUNT.incrementAndGet());
        Objects.requireNonNull(events).connected();
        RtmpMessageFormat format =
                RtmpMessageFormat.publishing(client.dialogue().messageStreamId());
        // A playback may write past Netty, so what was written to Netty must be sent first.
        client.link().flush();
        Playback started = new Playback(client.link().channel(), Objects.requireNonNull(stream), format, this);
        playback = started;
        started.start();
    }

    @Override
    public void onMedia(Media media) {
        // Servers send publishers no media.
        media.body().release();
    }

    @Override
    public void onPlaybackEnded(EndReason reason) {
        boolean streamOver = Objects.requireNonNull(stream).endReason() != null;
        client.end(
                switch (reason) {
                    case TOO_SLOW -> new RelayEnd(RelayEnd.Kind.STALLED, "the far side does not take the stream");
                    case KICKED -> new RelayEnd(RelayEnd.Kind.STOPPED, "ended by an operator");
                    default ->
                        streamOver
                                ? new RelayEnd(RelayEnd.Kind.STREAM_ENDED, "the stream ended")
                                : new RelayEnd(RelayEnd.Kind.UNREACHABLE, "the connection broke");
                });
    }

    @Override
    public void onEnded(RelayEnd end) {
        if (playback != null) {
            playback.stop();
        }
        if (events != null) {
            events.ended(end);
        }
    }
}
