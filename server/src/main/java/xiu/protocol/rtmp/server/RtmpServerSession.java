package xiu.protocol.rtmp.server;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import xiu.bytes.LimitExceededException;
import xiu.bytes.MalformedDataException;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.protocol.rtmp.server.session.SessionContext;
import xiu.protocol.rtmp.server.session.SessionEvents;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Viewer;

/**
 * A client's connection after its handshake: it connects to an app, creates message streams, and publishes or plays on
 * them. Ends in one place, {@link #end}, for one reason. Confined to its channel's event loop.
 */
final class RtmpServerSession implements RtmpLink.Owner, SessionEvents {
    private static final Logger log = LoggerFactory.getLogger(RtmpServerSession.class);

    private final SessionConnection connection;
    private final StreamCommands streams;
    private final ConnectionCommands commands;
    private final SessionWatch watch;
    private final Consumer<RtmpServerSession> onEnd;
    private final long since = System.nanoTime();
    private boolean served;
    private long sentBytes;
    private int skips;
    private @Nullable EndReason endReason;

    /** {@code onEnd} is called, on the event loop, when the session has ended. */
    RtmpServerSession(SessionContext context, Consumer<RtmpServerSession> onEnd) {
        this.connection = new SessionConnection(context, this::onFault);
        this.streams = new StreamCommands(connection, this);
        this.commands = new ConnectionCommands(connection, streams, this);
        this.watch = new SessionWatch(connection, streams, this);
        this.onEnd = onEnd;
    }

    @Override
    public void onOpen(RtmpLink link) {
        connection.open(link);
        watch.begin();
    }

    @Override
    public void onMessage(RtmpMessage message) {
        switch (message) {
            case RtmpMessage.Command command ->
                commands.onCommand(command.messageStreamId(), RtmpCommand.parse(command.values()));
            case Media media -> streams.onMedia(media);
            default -> {
                // All others are handled by the link, or are ignored.
            }
        }
    }

    /** The session has published or played, so its end is logged at info level. */
    @Override
    public void onServing() {
        served = true;
        adapt();
    }

    @Override
    public void onStreamIdle() {
        adapt();
    }

    /** Adapts to what the message streams do: how the socket is read, and which timeouts apply. */
    private void adapt() {
        if (endReason == null) {
            RtmpLink link = connection.link();
            boolean feeds = streams.published() != null;
            link.publishes(feeds);
            if (feeds) {
                link.paceBy(streams::isAwaited);
            } else {
                link.readAtOnce();
            }
            watch.reset();
        }
    }

    @Override
    public void onPlayed(Viewer viewer) {
        sentBytes += viewer.sentBytes();
        skips += viewer.skips();
    }

    /** The server stops: the peer gets a status, and the session ends. Any thread. */
    void stop() {
        connection.execute(() -> {
            if (endReason == null) {
                connection.status(0, RtmpStatus.CONNECT_CLOSED, "the server is stopping");
                end(EndReason.STOPPING);
            }
        });
    }

    @Override
    public void onFault(Throwable fault) {
        if (fault instanceof MalformedDataException) {
            String event = fault instanceof LimitExceededException over ? "limit_" + over.limit() : "malformed";
            connection.trouble(event, String.valueOf(fault.getMessage()));
            end(EndReason.MALFORMED);
        } else if (fault instanceof IOException) {
            end(EndReason.CONNECTION_LOST);
        } else {
            log.warn("event=fault session={} peer={}", connection.peer().id(), connection.peer(), fault);
            end(EndReason.FAILED);
        }
    }

    @Override
    public void onClosed() {
        // Players leave by closing. A publisher that ends its stream says so first; one that does not has lost its
        // connection.
        end(streams.published() == null ? EndReason.GOODBYE : EndReason.CONNECTION_LOST);
    }

    /** The one end of every session. Later calls change nothing. */
    @Override
    public void end(EndReason reason) {
        if (endReason != null) {
            return;
        }
        endReason = reason;
        try {
            watch.end();
            endStreams(reason);
        } finally {
            // In a finally, because nobody else would close the link.
            if (reason == EndReason.MALFORMED || reason == EndReason.CONNECTION_LOST) {
                connection.link().close();
            } else {
                connection.link().closeAfterFlush();
            }
            onEnd.accept(this);
        }
    }

    private void endStreams(EndReason reason) {
        MediaStream published = streams.published();
        try {
            streams.end(reason);
        } finally {
            // Only now are the numbers of its players complete.
            logEnd(reason, published);
        }
    }

    private void logEnd(EndReason reason, @Nullable MediaStream published) {
        Peer peer = connection.peer();
        // At debug level where nothing was published or played: any peer can connect and leave as often as it likes.
        log.makeLoggingEventBuilder(served ? Level.INFO : Level.DEBUG)
                .log(
                        "event=session_end session={} peer={} app={} published={} reason={} seconds={} received={} messages={} sent={} skips={}",
                        peer.id(),
                        peer,
                        commands.app(),
                        published == null ? "-" : published.key(),
                        reason,
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since),
                        connection.link().receivedBytes(),
                        connection.link().receivedMessages(),
                        sentBytes,
                        skips);
    }
}
