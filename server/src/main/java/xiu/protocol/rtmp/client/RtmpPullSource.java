package xiu.protocol.rtmp.client;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.CutGroups;
import xiu.protocol.rtmp.HeldMedia;
import xiu.protocol.rtmp.IngestRate;
import xiu.protocol.rtmp.RtmpIngest;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.wire.RtmpMessage.Data;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.stream.EndReason;
import xiu.stream.Peer;
import xiu.stream.StreamException;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSource;

/** A stream played from another server and published here. */
final class RtmpPullSource implements StreamSource, RtmpClient.Listener {
    private static final AtomicLong COUNT = new AtomicLong();

    /** The most data messages that may come before the first picture or audio, such as metadata. */
    private static final int MOST_HELD = 16;

    private static final int MOST_HELD_BYTES = 1 << 20;

    private static final int AMF_STRING = 2;
    private static final Set<String> FOR_PLAYERS_ONLY = Set.of("|RtmpSampleAccess", "onStatus");

    private final RtmpClient client;
    private final HeldMedia held = new HeldMedia(MOST_HELD, MOST_HELD_BYTES);
    private final IngestRate rate = new IngestRate();
    private @Nullable Events events;
    private @Nullable RtmpIngest ingest;
    private final CutGroups cuts = new CutGroups();

    RtmpPullSource(ClientContext context, RtmpUrl from, List<String> route) {
        this.client = new RtmpClient(context, from, new ClientRequest(ClientRequest.Purpose.PLAY, route), this);
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
    public void onNode(String nodeId) {
        Objects.requireNonNull(events).reached(nodeId);
    }

    @Override
    public void onReady() {
        // The stream begins here with the first picture or audio: some servers accept players of streams that they do
        // not have, and send them data.
    }

    @Override
    public void onMedia(Media media) {
        if (media instanceof Data data && isForPlayersOnly(data.body())) {
            data.body().release();
        } else if (media instanceof Data && ingest == null) {
            held.hold(media);
        } else {
            deliver(media);
        }
    }

    /** Whether the far side says this to players about its own stream, which is not true for the stream here. */
    private static boolean isForPlayersOnly(ByteBuf body) {
        int at = body.readerIndex();
        if (body.readableBytes() < 3 || body.getByte(at) != AMF_STRING) {
            return false;
        }
        int length = body.getUnsignedShort(at + 1);
        return length <= body.readableBytes() - 3
                && FOR_PLAYERS_ONLY.contains(body.toString(at + 3, length, StandardCharsets.UTF_8));
    }

    private void deliver(Media media) {
        RtmpIngest into = ingest;
        if (into == null) {
            beginWith(media);
        } else {
            into.accept(media);
            watchRate(into);
        }
    }

    /** Begins with the messages that were held; if the stream cannot begin, {@link #end} releases them. */
    private void beginWith(Media media) {
        held.addLast(media);
        try {
            RtmpIngest begun = begin();
            held.drain(begun::accept);
            watchRate(begun);
        } catch (StreamException e) {
            client.end(new RelayEnd(RelayEnd.Kind.REFUSED, String.valueOf(e.getMessage())));
        }
    }

    /**
     * Ends a pull that brings more than a publisher may send: an upstream can overload this server as a publisher can.
     */
    private void watchRate(RtmpIngest into) {
        int most = into.publication().stream().settings().limits().streamKbps();
        if (rate.exceeds(most, receivedBytes(), now())) {
            client.exceeded(RelayEnd.Kind.REFUSED, "limit_stream_kbps", "more than " + most + " kbit/s");
        }
    }

    /** As for a publisher's. */
    @Override
    public void onCheck() {
        if (ingest != null) {
            cuts.check(ingest.publication().stream(), client::trouble);
        }
    }

    private long receivedBytes() {
        return client.link().receivedBytes();
    }

    private long now() {
        return client.loop().ticker().nanoTime();
    }

    private RtmpIngest begin() {
        RtmpIngest begun = new RtmpIngest(
                new RtmpIngest.Origin(
                        client.peer(Peer.RELAY_PULL, COUNT.incrementAndGet()),
                        "",
                        client.dialogue().farRoute()),
                this::onRevoked,
                client.amf());
        begun.begin(Objects.requireNonNull(events).connected(begun));
        ingest = begun;
        cuts.begin(begun.publication().stream());
        rate.begin(receivedBytes(), now());
        return begun;
    }

    private void onRevoked(EndReason reason) {
        client.stop(new RelayEnd(RelayEnd.Kind.STOPPED, "the stream here was ended: " + reason));
    }

    @Override
    public void onEnded(RelayEnd end) {
        held.release();
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
}
