package xiu.protocol.rtmp.server.session;

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
public final class SessionConnection {
    private final SessionContext context;
    private final Consumer<Throwable> onFault;
    private Peer peer;
    private @Nullable RtmpLink link;

    /** A connection that is not open yet; {@code onFault} gets, on the event loop, what tasks throw. */
    public SessionConnection(SessionContext context, Consumer<Throwable> onFault) {
        this.context = context;
        this.peer = context.peer();
        this.onFault = onFault;
    }

    /** The link is ready. Called once, first. */
    public void open(RtmpLink opened) {
        link = opened;
    }

    /** What the session was given. */
    public SessionContext context() {
        return context;
    }

    /** The client, with what is known of it so far. */
    public Peer peer() {
        return peer;
    }

    /** The client has named its program. */
    public void called(String agent) {
        peer = peer.called(agent);
    }

    /** The link; only once it is open. */
    public RtmpLink link() {
        return Objects.requireNonNull(link);
    }

    /** The event loop to which everything is confined; only once the link is open. */
    public EventLoop loop() {
        return link().channel().eventLoop();
    }

    /** Runs {@code task} on the event loop, at once when called there, and flushes. Any thread. */
    public void execute(Runnable task) {
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
    public void status(int messageStreamId, RtmpStatus status, String description) {
        status(messageStreamId, status.information(description));
    }

    /** The same with this information object. */
    public void status(int messageStreamId, AmfValue information) {
        link().command(messageStreamId, "onStatus", 0, AmfValue.Nothing.NULL, information);
    }

    /** Counts something that any peer can cause; rarely logged. */
    public void trouble(String event, String detail) {
        context.troubles().happened(event, peer(), detail);
    }
}
