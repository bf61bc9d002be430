package xiu.protocol.rtmp.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.HeldMedia;
import xiu.protocol.rtmp.RtmpIngest;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.protocol.rtmp.server.session.SessionEvents;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Publication;
import xiu.stream.StreamKey;

/** A message stream that publishes, from the request on. Confined to its session's event loop. */
final class Publishing implements StreamUse {
    private static final Logger log = LoggerFactory.getLogger(Publishing.class);
    /** Media that a publisher may send before the decision: some do not wait for the answer. */
    private static final int EARLY_MESSAGES = 256;

    private static final int EARLY_BYTES = 1 << 20;

    private final StreamReplies replies;
    private final SessionConnection connection;
    private final SessionEvents session;
    private final AccessRequest request;
    private final RtmpIngest ingest;
    private final HeldMedia early = new HeldMedia(EARLY_MESSAGES, EARLY_BYTES);
    private boolean granted;
    private @Nullable Future<?> asked;
    private boolean over;
    private @Nullable EndReason revoked;

    Publishing(StreamReplies replies, SessionEvents session, AccessRequest request) {
        this.replies = replies;
        this.connection = replies.connection();
        this.session = session;
        this.request = request;
        this.ingest = new RtmpIngest(
                new RtmpIngest.Origin(request.peer(), request.credentials().query(), request.route()),
                reason -> connection.execute(() -> revoke(reason)),
                connection.context().limits().amf());
    }

    StreamKey key() {
        return request.key();
    }

    /** The stream that it feeds, or null before the decision. */
    @Nullable
    MediaStream stream() {
        return granted ? ingest.publication().stream() : null;
    }

    /** Asks the hub whether the peer may feed the stream; the peer gets a status with the decision. */
    void ask() {
        CompletableFuture<Publication> answer = connection.context().hub().publish(request, ingest);
        asked = answer;
        answer.whenComplete((publication, failure) -> connection.execute(() -> decided(publication, failure)));
    }

    private void decided(@Nullable Publication publication, @Nullable Throwable failure) {
        if (over) {
            // The peer has stopped before the decision.
            if (publication != null) {
                publication.end(EndReason.GOODBYE);
            }
        } else if (publication == null) {
            // A publisher that is refused has nothing else to do, so its session ends.
            replies.refusePublisher(replies.refusal(failure));
            session.end(EndReason.KICKED);
        } else {
            begin(publication);
        }
    }

    private void begin(Publication publication) {
        granted = true;
        ingest.begin(publication);
        EndReason gone = revoked;
        if (gone != null) {
            revoke(gone);
            return;
        }
        replies.control(UserControl.STREAM_BEGIN);
        replies.status(RtmpStatus.PUBLISH_START, key() + " is now published");
        log.info("event=publish session={} peer={} stream={}", connection.peer().id(), connection.peer(), key());
        session.onServing();
        early.drain(ingest::accept);
    }

    private void revoke(EndReason reason) {
        if (!granted) {
            // The decision has not reached this loop yet.
            revoked = reason;
        } else if (!over) {
            switch (reason) {
                case TAKEN_OVER ->
                    replies.status(RtmpStatus.PUBLISH_BAD_NAME, "another publisher took " + key() + " over");
                case STOPPING -> replies.status(RtmpStatus.UNPUBLISH_SUCCESS, "the server is stopping");
                default -> replies.status(RtmpStatus.PUBLISH_REJECTED, key() + " was ended by the server");
            }
            session.end(reason);
        }
    }

    /** Media of the publisher; consumed. */
    void accept(Media media) {
        if (granted) {
            ingest.accept(media);
        } else {
            early.hold(media);
        }
    }

    @Override
    public void end(EndReason reason) {
        over = true;
        if (asked != null) {
            // The publisher has left before the decision.
            asked.cancel(false);
        }
        if (granted) {
            logEnd(ingest.publication().stream(), reason);
        }
        ingest.end(reason);
        early.release();
    }

    private void logEnd(MediaStream fed, EndReason reason) {
        log.info(
                "event=publish_end session={} peer={} stream={} reason={} packets={} repairs={}",
                connection.peer().id(),
                connection.peer(),
                key(),
                reason,
                fed.counters().packets(),
                fed.counters().repairs());
    }
}
