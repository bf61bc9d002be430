package xiu.protocol.rtmp.server;

import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.StreamException;

/**
 * Answers about one message stream. Confined to the event loop.
 *
 * @param id of the message stream
 */
record StreamReplies(SessionConnection connection, int id) {
    private static final Logger log = LoggerFactory.getLogger(StreamReplies.class);

    void status(RtmpStatus status, String description) {
        connection.status(id, status, description);
    }

    void status(AmfValue information) {
        connection.status(id, information);
    }

    void control(int event) {
        connection.link().write(new UserControl(event, id));
    }

    /** A publisher must not publish. */
    void refusePublisher(StreamException refusal) {
        report("publish", refusal);
        status(RtmpStatus.ofRefusedPublisher(refusal.reason()), String.valueOf(refusal.getMessage()));
    }

    /** A player must not play. */
    void refusePlayer(StreamException refusal) {
        report("play", refusal);
        status(RtmpStatus.ofRefusedPlayer(refusal.reason()), String.valueOf(refusal.getMessage()));
    }

    /** Counts a refusal. */
    void report(String action, StreamException refusal) {
        connection.trouble(
                action + "_refused_" + refusal.reason().name().toLowerCase(Locale.ROOT),
                String.valueOf(refusal.getMessage()));
    }

    /** The refusal that the hub's failure means for the peer. */
    StreamException refusal(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof StreamException refusal) {
            return refusal;
        }
        log.warn("event=decision_failed session={} peer={}", connection.peer().id(), connection.peer(), cause);
        return new StreamException(StreamException.Reason.DENIED, "no decision could be made");
    }
}
