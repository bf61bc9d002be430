package xiu.protocol.rtmp.server;

import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.address.StreamAddress;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;

/**
 * One message stream of a server's session, as {@code createStream} made it: nobody uses it, or it publishes, or it
 * plays. Confined to its session's event loop.
 */
final class ServerStream {
    private static final Logger log = LoggerFactory.getLogger(ServerStream.class);

    /** What a message stream is used for, from the request on. */
    sealed interface Use permits Publishing, Playing {
        /** Ends it without a word to the peer. */
        void end(EndReason reason);
    }

    private final RtmpServerSession session;
    private final int id;
    private @Nullable Use use;
    private boolean wantsAudio = true;
    private boolean wantsVideo = true;

    ServerStream(RtmpServerSession session, int id) {
        this.session = session;
        this.id = id;
    }

    int id() {
        return id;
    }

    RtmpServerSession session() {
        return session;
    }

    boolean isUsed() {
        return use != null;
    }

    boolean isForPublishing() {
        return use instanceof Publishing;
    }

    boolean isUsedFor(Use asked) {
        return use == asked;
    }

    boolean wantsAudio() {
        return wantsAudio;
    }

    boolean wantsVideo() {
        return wantsVideo;
    }

    /** The stream that is fed here, or null. */
    @Nullable
    MediaStream published() {
        return use instanceof Publishing publishing ? publishing.stream() : null;
    }

    /** Whether it feeds this stream, or has asked to. */
    boolean claims(StreamKey key) {
        return use instanceof Publishing publishing && publishing.key().equals(key);
    }

    void publish(String name) {
        StreamAddress address = session.commands().address(name);
        try {
            StreamKey key = address.key();
            if (use instanceof Publishing || session.commands().claims(key)) {
                status(RtmpStatus.PUBLISH_BAD_NAME, address + " is being published on this connection already");
                return;
            }
            session.commands().refuseLoop();
            end(EndReason.GOODBYE);
            Publishing publishing = new Publishing(this, request(Action.PUBLISH, key, address));
            use = publishing;
            publishing.ask();
        } catch (StreamException e) {
            refusePublisher(e);
        }
    }

    void play(String name, boolean reset) {
        StreamAddress address = session.commands().address(name);
        if (use instanceof Publishing) {
            status(RtmpStatus.PLAY_FAILED, "this message stream publishes");
            return;
        }
        end(EndReason.GOODBYE);
        try {
            Playing playing = new Playing(this, request(Action.PLAY, address.key(), address), reset);
            use = playing;
            playing.ask();
        } catch (StreamException e) {
            refusePlayer(e);
        }
    }

    private AccessRequest request(Action action, StreamKey key, StreamAddress address) {
        return new AccessRequest(
                action,
                key,
                session.peer(),
                session.commands().credentials(address),
                session.commands().route());
    }

    /** What the hub's failure means for the peer. */
    static StreamException refusal(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof StreamException refusal) {
            return refusal;
        }
        log.warn("event=decision_failed", cause);
        return new StreamException(StreamException.Reason.DENIED, "no decision could be made");
    }

    /** A publisher that is refused came for nothing else, so its connection ends. */
    void refusePublisher(StreamException refusal) {
        refused("publish", refusal);
        status(RtmpStatus.ofRefusedPublisher(refusal.reason()), String.valueOf(refusal.getMessage()));
        session.end(EndReason.KICKED);
    }

    /** A player that is refused may ask for something else. */
    void refusePlayer(StreamException refusal) {
        refused("play", refusal);
        status(RtmpStatus.ofRefusedPlayer(refusal.reason()), String.valueOf(refusal.getMessage()));
        idle();
    }

    void refused(String action, StreamException refusal) {
        session.trouble(
                action + "_refused_" + refusal.reason().name().toLowerCase(Locale.ROOT),
                String.valueOf(refusal.getMessage()));
    }

    /** A media message of this stream; consumed. */
    void accept(Media media) {
        if (use instanceof Publishing publishing) {
            publishing.accept(media);
        } else {
            media.body().release();
        }
    }

    void pause(boolean paused) {
        if (use instanceof Playing playing) {
            playing.pause(paused);
        }
    }

    /** What is live cannot be sought in; players that try at the start only want to hear that it is done. */
    void seek() {
        if (use instanceof Playing) {
            status(RtmpStatus.SEEK_NOTIFY, "live streams play on");
        }
    }

    void receiveAudio(boolean wanted) {
        wantsAudio = wanted;
        choose();
    }

    void receiveVideo(boolean wanted) {
        wantsVideo = wanted;
        choose();
    }

    private void choose() {
        if (use instanceof Playing playing) {
            playing.choose();
        }
    }

    /** The peer said goodbye to what it does here; a publisher is told that it worked. */
    void close() {
        boolean published = published() != null;
        end(EndReason.GOODBYE);
        if (published) {
            status(RtmpStatus.UNPUBLISH_SUCCESS, "no longer published");
        }
        session.changed();
    }

    /** Ends what it does without a word; harmless when that is nothing. */
    void end(EndReason reason) {
        Use ended = use;
        use = null;
        if (ended != null) {
            ended.end(reason);
        }
    }

    /** What it was used for has ended by itself. */
    void idle() {
        use = null;
        session.changed();
    }

    void status(RtmpStatus status, String description) {
        session.status(id, status, description);
    }

    void control(int event) {
        session.link().write(new UserControl(event, id));
    }
}
