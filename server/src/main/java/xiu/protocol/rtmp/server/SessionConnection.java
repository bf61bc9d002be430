package xiu.protocol.rtmp.server;

import io.netty.channel.EventLoop;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.stream.Peer;

/**
 * A session's connection, as all its parts use it: the session's context, the link to the peer, and the event loop.
 * Confined to that event loop, but for {@link #execute}.
 */
final class SessionConnection {
    private final SessionContext context;
    private final Consumer<Throwable> onFault;
    private Peer peer;
    private @Nullable RtmpLink link;

    /** A connection that is not open yet; {@code onFault} gets, on the event loop, what tasks throw. */
    SessionConnection(SessionContext context, Consumer<Throwable> onFault) {
        this.context = context;
        this.peer = context.peer();
        this.onFault = onFault;
    }

    void open(RtmpLink opened) {
        link = opened;
    }

    SessionContext context() {
        return context;
    }

    Peer peer() {
        return peer;
    }

    /** The peer has said what program it is. */
    void called(String agent) {
        peer = peer.called(agent);
    }

    /** The link; only once it is open. */
    RtmpLink link() {
        return Objects.requireNonNull(link);
    }

    EventLoop loop() {
        return link().channel().eventLoop();
    }

    /** Runs {@code task} on the event loop, at once when called there, and flushes. Any thread. */
    void execute(Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
                link().flush();
            } catch (Throwable e) {
                onFault.accept(e);
            }
        };
        if (loop().inEventLoop()) {
            guarded.run();
        } else {
            loop().execute(guarded);
        }
    }

    /** Sends {@code onStatus} about a message stream, or about the connection (0), with the next flush. */
    void status(int messageStreamId, RtmpStatus status, String description) {
        status(messageStreamId, status.information(description));
    }

    void status(int messageStreamId, AmfValue information) {
        link().command(messageStreamId, "onStatus", 0, AmfValue.Nothing.NULL, information);
    }

    /** Counts something that any peer can cause; rarely logged. */
    void trouble(String event, String detail) {
        context.troubles().happened(event, peer(), detail);
    }
}
