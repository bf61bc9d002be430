package xiu.protocol.rtmp.server;

import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.protocol.rtmp.server.session.SessionEvents;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;

/**
 * One message stream of a session, created by {@code createStream}: unused, publishing, or playing. Confined to the
 * session's event loop.
 */
final class ServerStream {
    private final StreamReplies replies;
    private final SessionEvents session;
    private @Nullable StreamUse use;
    private RtmpMessageFormat format;

    ServerStream(SessionConnection connection, SessionEvents session, int id) {
        this.replies = new StreamReplies(connection, id);
        this.session = session;
        this.format = RtmpMessageFormat.playing(id);
    }

    int id() {
        return replies.id();
    }

    boolean isUsed() {
        return use != null;
    }

    /** The publishing, also before its decision; null when there is none. */
    @Nullable
    Publishing publishing() {
        return use instanceof Publishing publishing ? publishing : null;
    }

    /** The stream that is fed here, or null. */
    @Nullable
    MediaStream published() {
        Publishing publishing = publishing();
        return publishing == null ? null : publishing.stream();
    }

    /** Whether it feeds this stream, or waits for the decision about it. */
    boolean claims(StreamKey key) {
        Publishing publishing = publishing();
        return publishing != null && publishing.key().equals(key);
    }

    /** Asks to publish. */
    void publish(AccessRequest request) {
        end(EndReason.GOODBYE);
        Publishing publishing = new Publishing(replies, session, request);
        use = publishing;
        publishing.ask();
    }

    /** Refuses to publish. A publisher that is refused has nothing else to do, so its session ends. */
    void refusePublisher(StreamException refusal) {
        replies.refusePublisher(refusal);
        session.end(EndReason.KICKED);
    }

    /** Asks to play; {@code reset}: whether the player expects a status that what it played before is over. */
    void play(AccessRequest request, boolean reset) {
        Playing playing = new Playing(replies, session, this::idle, request, format, reset);
        use = playing;
        playing.ask();
    }

    /** Refuses to play. The player may ask for something else. */
    void refusePlayer(StreamException refusal) {
        replies.refusePlayer(refusal);
        idle();
    }

    void status(RtmpStatus status, String description) {
        replies.status(status, description);
    }

    void pause(boolean paused) {
        if (use instanceof Playing playing) {
            playing.pause(paused);
        }
    }

    /** Answers a seek, which a live stream does not have; players that try it at the start wait for the answer. */
    void seek() {
        if (use instanceof Playing) {
            status(RtmpStatus.SEEK_NOTIFY, "live streams play on");
        }
    }

    void receiveAudio(boolean wanted) {
        choose(format.withAudio(wanted));
    }

    void receiveVideo(boolean wanted) {
        choose(format.withVideo(wanted));
    }

    private void choose(RtmpMessageFormat wanted) {
        format = wanted;
        if (use instanceof Playing playing) {
            playing.choose(wanted);
        }
    }

    /** The peer ends what it does here; a publisher gets a status. */
    void close() {
        boolean published = published() != null;
        end(EndReason.GOODBYE);
        if (published) {
            status(RtmpStatus.UNPUBLISH_SUCCESS, "no longer published");
        }
        session.onStreamIdle();
    }

    /** Ends what it does without a status; harmless when it is unused. */
    void end(EndReason reason) {
        StreamUse ended = use;
        use = null;
        if (ended != null) {
            ended.end(reason);
        }
    }

    /** The use of this stream has ended by itself. */
    private void idle() {
        use = null;
        session.onStreamIdle();
    }
}
