package xiu.protocol.rtmp.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.protocol.rtmp.server.session.SessionEvents;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.StreamException;
import xiu.transport.Playback;

/** A message stream that plays, from the request on. Confined to its session's event loop. */
final class Playing implements StreamUse, Playback.Listener {
    private static final Logger log = LoggerFactory.getLogger(Playing.class);

    private final StreamReplies replies;
    private final SessionConnection connection;
    private final SessionEvents session;
    private final Runnable onIdle;
    private final AccessRequest request;
    private final boolean reset;
    private RtmpMessageFormat wanted;
    private @Nullable RtmpMessageFormat format;
    private @Nullable MediaStream source;
    private @Nullable Playback playback;
    private @Nullable Future<?> asked;
    private boolean over;

    /**
     * A request to play.
     *
     * @param onIdle called when this ends by itself
     * @param wanted with audio and video, or with one of them
     * @param reset whether the player expects a status that what it played before is over
     */
    Playing(
            StreamReplies replies,
            SessionEvents session,
            Runnable onIdle,
            AccessRequest request,
            RtmpMessageFormat wanted,
            boolean reset) {
        this.replies = replies;
        this.connection = replies.connection();
        this.session = session;
        this.onIdle = onIdle;
        this.request = request;
        this.wanted = wanted;
        this.reset = reset;
    }

    @Override
    public Peer peer() {
        return request.peer();
    }

    /** Asks the hub for the stream; the peer gets a status with the decision. */
    void ask() {
        CompletableFuture<MediaStream> answer = connection.context().hub().play(request);
        asked = answer;
        answer.whenComplete((found, failure) -> connection.execute(() -> decided(found, failure)));
    }

    private void decided(@Nullable MediaStream found, @Nullable Throwable failure) {
        if (over) {
            return;
        }
        if (found == null) {
            refuse(replies.refusal(failure));
            return;
        }
        Playback opened;
        try {
            opened = open(found);
        } catch (StreamException tooManyFormats) {
            refuse(tooManyFormats);
            return;
        }
        // Before anything that may fail: from here on the session's end stops the playback.
        playback = opened;
        replies.control(UserControl.STREAM_BEGIN);
        if (reset) {
            replies.status(RtmpStatus.PLAY_RESET, "playing and resetting " + request.key());
        }
        replies.status(
                PlayStart.information(request, found, connection.context().nodeId()));
        log.info("event=play session={} peer={} stream={}", peer().id(), peer(), request.key());
        session.onServing();
        source = found;
        start(opened);
    }

    /** Refuses; the player may ask for something else. */
    private void refuse(StreamException refusal) {
        replies.refusePlayer(refusal);
        idle();
    }

    private Playback open(MediaStream from) {
        return new Playback(connection.link().channel(), from, wanted, this);
    }

    private void start(Playback opened) {
        format = wanted;
        // A playback may write past Netty, so what was written to Netty must be sent first.
        connection.link().flush();
        playback = opened;
        opened.start();
    }

    /** The player switches audio or video on or off: it continues in another format, from a key frame on. */
    void choose(RtmpMessageFormat next) {
        wanted = next;
        MediaStream from = source;
        if (from != null && !next.equals(format)) {
            Playback opened;
            try {
                opened = open(from);
            } catch (StreamException tooManyFormats) {
                // It keeps the format that it has, with more than it wants.
                replies.report("play", tooManyFormats);
                return;
            }
            halt();
            playback = opened;
            replies.status(RtmpStatus.SEEK_NOTIFY, "goes on at a key frame");
            replies.status(RtmpStatus.PLAY_START, "goes on playing " + request.key());
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
            replies.status(RtmpStatus.PAUSE_NOTIFY, "paused " + request.key());
        } else {
            replies.status(RtmpStatus.UNPAUSE_NOTIFY, "goes on playing " + request.key());
            connection.link().flush();
            current.resume();
        }
    }

    @Override
    public void onPlaybackEnded(EndReason reason) {
        if (over) {
            return;
        }
        halt();
        if (reason == EndReason.TOO_SLOW || source != null && source.endReason() == null) {
            // This connection has failed, not the stream: only the playback ends.
            idle();
            session.end(reason);
            return;
        }
        if (reason == EndReason.STOPPING) {
            // This status comes before those of the streams, so that a relay does not take a restart for the end of its
            // stream.
            connection.status(0, RtmpStatus.CONNECT_CLOSED, "the server is stopping");
        }
        replies.status(RtmpStatus.PLAY_UNPUBLISH_NOTIFY, request.key() + " is no longer published");
        replies.control(UserControl.STREAM_EOF);
        connection.link().flush();
        idle();
    }

    @Override
    public void end(EndReason reason) {
        over = true;
        if (asked != null) {
            // The player has left before the decision.
            asked.cancel(false);
        }
        halt();
    }

    private void idle() {
        over = true;
        onIdle.run();
    }

    private void halt() {
        Playback ended = playback;
        playback = null;
        if (ended != null) {
            ended.stop();
            session.onPlayed(ended.viewer());
        }
    }
}
