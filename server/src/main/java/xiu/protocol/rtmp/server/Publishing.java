package xiu.protocol.rtmp.server;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.protocol.rtmp.RtmpIngest;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.AccessRequest;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Publication;
import xiu.stream.StreamKey;

/** A message stream that publishes, from the request on. Confined to its session's event loop. */
final class Publishing implements ServerStream.Use {
    private static final Logger log = LoggerFactory.getLogger(Publishing.class);
    /** What a hasty publisher may send before it is let in. */
    private static final int EARLY_MESSAGES = 256;

    private static final int EARLY_BYTES = 1 << 20;

    private final ServerStream stream;
    private final RtmpServerSession session;
    private final AccessRequest request;
    private final RtmpIngest ingest;
    private final ArrayDeque<Media> early = new ArrayDeque<>();
    private int earlyBytes;
    private boolean granted;
    private @Nullable EndReason revoked;

    Publishing(ServerStream stream, AccessRequest request) {
        this.stream = stream;
        this.session = stream.session();
        this.request = request;
        this.ingest = new RtmpIngest(
                new RtmpIngest.Origin(request.peer(), request.credentials().query(), request.route()),
                reason -> session.execute(() -> revoke(reason)),
                session.limits().amf());
    }

    StreamKey key() {
        return request.key();
    }

    /** The stream it feeds, or null before it is let in. */
    @Nullable
    MediaStream stream() {
        return granted ? ingest.publication().stream() : null;
    }

    void ask() {
        session.hub()
                .publish(request, ingest)
                .whenComplete((publication, failure) -> session.execute(() -> decided(publication, failure)));
    }

    private void decided(@Nullable Publication publication, @Nullable Throwable failure) {
        if (!stream.isUsedFor(this)) {
            // It said goodbye in the meantime.
            if (publication != null) {
                publication.end(EndReason.GOODBYE);
            }
        } else if (publication == null) {
            stream.refusePublisher(ServerStream.refusal(failure));
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
        stream.control(UserControl.STREAM_BEGIN);
        stream.status(RtmpStatus.PUBLISH_START, key() + " is now published");
        log.info("event=publish session={} peer={} stream={}", session.peer().id(), session.peer(), key());
        session.serves();
        for (Media media = early.poll(); media != null; media = early.poll()) {
            ingest.accept(media);
        }
    }

    private void revoke(EndReason reason) {
        if (!granted) {
            // The hub's answer is still on its way to this loop.
            revoked = reason;
        } else if (stream.isUsedFor(this)) {
            switch (reason) {
                case TAKEN_OVER ->
                    stream.status(RtmpStatus.PUBLISH_BAD_NAME, "another publisher took " + key() + " over");
                case STOPPING -> stream.status(RtmpStatus.UNPUBLISH_SUCCESS, "the server is stopping");
                default -> stream.status(RtmpStatus.PUBLISH_REJECTED, key() + " was ended by the server");
            }
            session.end(reason);
        }
    }

    /** Media of the publisher; consumed. */
    void accept(Media media) {
        if (granted) {
            ingest.accept(media);
            return;
        }
        int bytes = media.body().readableBytes();
        if (early.size() >= EARLY_MESSAGES || earlyBytes + bytes > EARLY_BYTES) {
            media.body().release();
        } else {
            earlyBytes += bytes;
            early.add(media.kept());
        }
    }

    @Override
    public void end(EndReason reason) {
        if (granted) {
            logEnd(ingest.publication().stream(), reason);
        }
        ingest.end(reason);
        early.forEach(media -> media.body().release());
        early.clear();
    }

    private void logEnd(MediaStream fed, EndReason reason) {
        log.info(
                "event=publish_end session={} peer={} stream={} reason={} packets={} repairs={}",
                session.peer().id(),
                session.peer(),
                key(),
                reason,
                fed.counters().packets(),
                fed.counters().repairs());
    }
}
