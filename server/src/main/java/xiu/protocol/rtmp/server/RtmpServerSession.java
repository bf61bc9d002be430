package xiu.protocol.rtmp.server;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import xiu.bytes.LimitExceededException;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.login.LoginDialogue;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.StreamHub;
import xiu.transport.trouble.RareLines;

/**
 * A client's connection: it connects to an app, makes message streams, and publishes or plays on them. Ends in one
 * place, {@link #end}, for one reason. Confined to its channel's event loop.
 */
final class RtmpServerSession implements RtmpLink.Owner {
    private static final Logger log = LoggerFactory.getLogger(RtmpServerSession.class);

    private final Terms terms;
    private final RtmpLimits limits;
    private final @Nullable LoginDialogue login;
    private final Peer peer;
    private final Consumer<RtmpServerSession> onEnd;
    private final long since = System.nanoTime();
    private final ServerCommands commands;
    private final SessionWatch watch = new SessionWatch(this);
    private @Nullable RtmpLink link;
    private int skips;
    private boolean served;
    private @Nullable EndReason endReason;

    /**
     * What all sessions of a server share.
     *
     * @param nodeId this server's id among relays
     * @param troubles counts what peers do wrong
     */
    record Terms(String nodeId, StreamHub hub, RareLines troubles) {
        Terms(String nodeId, StreamHub hub) {
            this(nodeId, hub, new RareLines(log));
        }
    }

    /** Asks publishers for a password; null where nobody is asked. */
    @Nullable
    LoginDialogue login() {
        return login;
    }

    /** Something that any peer can cause: counted, and rarely logged. */
    void trouble(String event, String detail) {
        terms.troubles().happened(event, peer, detail);
    }

    /** {@code onEnd} is told, on the event loop, when the session has ended. */
    RtmpServerSession(
            Terms terms,
            RtmpLimits limits,
            @Nullable LoginDialogue login,
            Peer peer,
            Consumer<RtmpServerSession> onEnd) {
        this.terms = terms;
        this.limits = limits;
        this.login = login;
        this.peer = peer;
        this.onEnd = onEnd;
        this.commands = new ServerCommands(this);
    }

    /** How often this has happened on the whole server. */
    long troubles(String event) {
        return terms.troubles().count(event);
    }

    RtmpLimits limits() {
        return limits;
    }

    String nodeId() {
        return terms.nodeId();
    }

    /** What it is asked for, and its message streams. */
    ServerCommands commands() {
        return commands;
    }

    StreamHub hub() {
        return terms.hub();
    }

    Peer peer() {
        return peer;
    }

    RtmpLink link() {
        return Objects.requireNonNull(link);
    }

    /** Runs {@code task} on the event loop, at once when that is here; not any more when the session has ended. */
    void execute(Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
                link().flush();
            } catch (Throwable e) {
                onFault(e);
            }
        };
        if (link().channel().eventLoop().inEventLoop()) {
            guarded.run();
        } else {
            link().channel().eventLoop().execute(guarded);
        }
    }

    @Override
    public void onOpen(RtmpLink opened) {
        link = opened;
        watch.begin();
    }

    @Override
    public void onMessage(RtmpMessage message) {
        switch (message) {
            case RtmpMessage.Command command ->
                commands.onCommand(command.messageStreamId(), RtmpCommand.parse(command.values()));
            case Media media -> commands.onMedia(media);
            default -> {
                // The rest is the link's business, or nobody's.
            }
        }
    }

    /** Tells the peer something about one of its streams; goes out with the next flush. */
    void status(int messageStreamId, RtmpStatus status, String description) {
        tell(messageStreamId, status.information(description));
    }

    void tell(int messageStreamId, AmfValue information) {
        link().command(messageStreamId, "onStatus", 0, AmfValue.Nothing.NULL, information);
    }

    /** Something began or ended on one of the streams, so other times count. */
    void changed() {
        if (endReason == null) {
            boolean feeds = commands.published() != null;
            link().publishes(feeds);
            if (feeds) {
                link().paceBy(commands::isAwaited);
            } else {
                link().readAtOnce();
            }
            watch.reset();
        }
    }

    /** It publishes or plays: from now on its end is worth a line. */
    void serves() {
        served = true;
        changed();
    }

    /** The timestamps of its publisher needed repairs. */
    void repaired(MediaStream stream, long times) {
        log.warn(
                "event=timestamps_repaired session={} peer={} stream={} times={}",
                peer.id(),
                peer,
                stream.key(),
                times);
    }

    /** A playback skipped this often. */
    void skipped(int times) {
        skips += times;
    }

    /** The server stops: the peer is told, and the session ends. Any thread. */
    void stop() {
        execute(() -> {
            if (endReason == null) {
                status(0, RtmpStatus.CONNECT_CLOSED, "the server is stopping");
                end(EndReason.STOPPING);
            }
        });
    }

    @Override
    public void onFault(Throwable fault) {
        if (fault instanceof MalformedDataException) {
            String event = fault instanceof LimitExceededException over ? "limit_" + over.limit() : "malformed";
            trouble(event, String.valueOf(fault.getMessage()));
            end(EndReason.MALFORMED);
        } else if (fault instanceof IOException) {
            end(EndReason.CONNECTION_LOST);
        } else {
            log.warn("event=fault session={} peer={}", peer.id(), peer, fault);
            end(EndReason.FAILED);
        }
    }

    @Override
    public void onClosed() {
        // Players leave by closing; a publisher that means it says so before.
        end(commands.published() == null ? EndReason.GOODBYE : EndReason.CONNECTION_LOST);
    }

    /** The one end of every session. Later calls change nothing. */
    void end(EndReason reason) {
        if (endReason != null) {
            return;
        }
        endReason = reason;
        try {
            watch.end();
            logEnd(reason);
            commands.end(reason);
        } finally {
            // Whatever the others throw: nobody else would close it.
            if (reason == EndReason.MALFORMED || reason == EndReason.CONNECTION_LOST) {
                link().close();
            } else {
                link().closeAfterFlush();
            }
            onEnd.accept(this);
        }
    }

    private void logEnd(EndReason reason) {
        MediaStream published = commands.published();
        // Who only comes and goes can do so as often as it likes.
        log.makeLoggingEventBuilder(served ? Level.INFO : Level.DEBUG)
                .log(
                        "event=session_end session={} peer={} app={} published={} reason={} seconds={} received={} messages={} skips={}",
                        peer.id(),
                        peer,
                        commands.app(),
                        published == null ? "-" : published.key(),
                        reason,
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since),
                        link().receivedBytes(),
                        link().receivedMessages(),
                        skips);
    }
}
