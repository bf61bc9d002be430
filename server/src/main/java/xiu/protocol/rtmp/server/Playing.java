package xiu.protocol.rtmp.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.NodeRoute;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Publisher;
import xiu.stream.StreamException;
import xiu.transport.Playback;

/** A message stream that plays, from the request on. Confined to its session's event loop. */
final class Playing implements ServerStream.Use, Playback.Listener {
    private static final Logger log = LoggerFactory.getLogger(Playing.class);

    private final ServerStream stream;
    private final RtmpServerSession session;
    private final AccessRequest request;
    private final boolean reset;
    private RtmpMessageFormat format;
    private @Nullable MediaStream source;
    private @Nullable Playback playback;

    /** {@code reset}: whether the player wants to hear that what it played before is over. */
    Playing(ServerStream stream, AccessRequest request, boolean reset) {
        this.stream = stream;
        this.session = stream.session();
        this.request = request;
        this.reset = reset;
        this.format = chosenFormat();
    }

    @Override
    public Peer peer() {
        return request.peer();
    }

    void ask() {
        session.hub().play(request).whenComplete((found, failure) -> session.execute(() -> decided(found, failure)));
    }

    private void decided(@Nullable MediaStream found, @Nullable Throwable failure) {
        if (!stream.isUsedFor(this)) {
            return;
        }
        if (found == null) {
            stream.refusePlayer(ServerStream.refusal(failure));
            return;
        }
        Playback opened;
        try {
            opened = open(found);
        } catch (StreamException tooManyFormats) {
            stream.refusePlayer(tooManyFormats);
            return;
        }
        // At once: whatever fails from here on ends it with the session.
        playback = opened;
        stream.control(UserControl.STREAM_BEGIN);
        if (reset) {
            stream.status(RtmpStatus.PLAY_RESET, "playing and resetting " + request.key());
        }
        session.tell(stream.id(), startOf(found));
        log.info("event=play session={} peer={} stream={}", peer().id(), peer(), request.key());
        session.serves();
        source = found;
        start(opened);
    }

    /** A relay hears which nodes the stream has passed, so that it never goes round. */
    private AmfValue startOf(MediaStream found) {
        AmfValue.Object information = RtmpStatus.PLAY_START.information("started playing " + request.key());
        if (request.route().isEmpty()) {
            return information;
        }
        Publisher publisher = found.publisher();
        List<String> route = new ArrayList<>(publisher == null ? List.of() : publisher.route());
        route.add(session.nodeId());
        AmfFields more = AmfValue.fields();
        information.fields().forEach(more::put);
        return more.put(NodeRoute.ROUTE, NodeRoute.value(route)).object();
    }

    private RtmpMessageFormat chosenFormat() {
        return RtmpMessageFormat.playing(stream.id())
                .withAudio(stream.wantsAudio())
                .withVideo(stream.wantsVideo());
    }

    private Playback open(MediaStream from) {
        return new Playback(session.link().channel(), from, chosenFormat(), this);
    }

    private void start(Playback opened) {
        format = chosenFormat();
        // A playback may write past Netty, so what Netty has must be on its way first.
        session.link().flush();
        playback = opened;
        opened.start();
    }

    /** The player wants audio or video, or no more: it gets another form of the stream, from a key frame on. */
    void choose() {
        MediaStream from = source;
        if (from != null && !format.equals(chosenFormat())) {
            Playback opened;
            try {
                opened = open(from);
            } catch (StreamException tooManyFormats) {
                // It gets more than it wants rather than nothing.
                stream.refused("play", tooManyFormats);
                return;
            }
            halt();
            playback = opened;
            stream.status(RtmpStatus.SEEK_NOTIFY, "goes on at a key frame");
            stream.status(RtmpStatus.PLAY_START, "goes on playing " + request.key());
            start(opened);
        }
    }

    void pause(boolean paused) {
        Playback current = playback;
        if (current == null) {
            return;
        }
        if (paused) {
            current.pause();
            stream.status(RtmpStatus.PAUSE_NOTIFY, "paused " + request.key());
        } else {
            stream.status(RtmpStatus.UNPAUSE_NOTIFY, "goes on playing " + request.key());
            session.link().flush();
            current.resume();
        }
    }

    @Override
    public void onPlaybackEnded(EndReason reason) {
        if (!stream.isUsedFor(this)) {
            return;
        }
        halt();
        if (reason == EndReason.TOO_SLOW || source != null && source.endReason() == null) {
            // It is this connection that cannot go on, whether the stream lives on or not.
            stream.idle();
            session.end(reason);
            return;
        }
        if (reason == EndReason.STOPPING) {
            // Before the rest: to a relay a server that restarts is no stream that ends.
            session.status(0, RtmpStatus.CONNECT_CLOSED, "the server is stopping");
        }
        stream.status(RtmpStatus.PLAY_UNPUBLISH_NOTIFY, request.key() + " is no longer published");
        stream.control(UserControl.STREAM_EOF);
        session.link().flush();
        stream.idle();
    }

    @Override
    public void end(EndReason reason) {
        halt();
    }

    private void halt() {
        Playback ended = playback;
        playback = null;
        if (ended != null) {
            ended.stop();
            session.skipped(ended.skips());
        }
    }
}
