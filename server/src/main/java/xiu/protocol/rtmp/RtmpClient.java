package xiu.protocol.rtmp;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.bytes.LimitExceededException;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.AmfLimits;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.RelayEnd;

/**
 * A connection to another server, to play from it or to publish to it: dials, asks, follows redirects, watches the
 * time, and ends in one place. Confined to one event loop, the same for every redial.
 */
final class RtmpClient implements RtmpLink.Owner {
    /** What the connection is for. */
    enum Purpose {
        PLAY,
        PUBLISH
    }

    /** Who wants it. All calls come on the event loop. */
    interface Listener {
        /** The far side lets us play or publish. */
        void onReady(RtmpClient client);

        /** The far side is a node with this id. */
        default void onNode(String nodeId) {}

        /** Something to play; consumed. */
        void onMedia(Media media);

        /** The time to look at what it has come to, while it goes on. */
        default void onLook() {}

        /** It ended, or never began. Called once. */
        void onEnded(RelayEnd end);
    }

    private static final Logger log = LoggerFactory.getLogger(RtmpClient.class);
    private static final int MOST_REDIRECTS = 3;
    /** Looks at the far side in the time that it may be silent. */
    private static final int LOOKS = 4;

    private final RtmpDialer dialer;
    private final Purpose purpose;
    private final List<String> route;
    private final Listener listener;
    private final EventLoop loop;
    private RtmpUrl url;
    private int redirects;
    private @Nullable Runnable hangUp;
    private @Nullable ClientDialogue dialogue;
    private @Nullable Future<?> deadline;
    private boolean ready;
    private boolean mediaSeen;
    private long heardBytes;
    private long heardAt;
    private boolean ended;

    RtmpClient(RtmpDialer dialer, RtmpUrl url, Purpose purpose, List<String> route, Listener listener) {
        this.dialer = dialer;
        this.url = url;
        this.purpose = purpose;
        this.route = route;
        this.listener = listener;
        this.loop = dialer.lines().loop();
    }

    EventLoop loop() {
        return loop;
    }

    Purpose purpose() {
        return purpose;
    }

    List<String> route() {
        return route;
    }

    /** Where it is connected to; another place after a redirect. */
    RtmpUrl url() {
        return url;
    }

    AmfLimits amf() {
        return dialer.limits().amf();
    }

    /** What is said on the connection; only once it is ready. */
    ClientDialogue dialogue() {
        return Objects.requireNonNull(dialogue);
    }

    /** Begins; returns at once. Any thread. */
    void start() {
        loop.execute(this::dial);
    }

    private void dial() {
        if (ended) {
            return;
        }
        setDeadline(
                dialer.times().connect().plus(dialer.times().setup()).toNanos(),
                () -> end(new RelayEnd(RelayEnd.Kind.STALLED, "no answer in time")));
        RtmpUrl to = url;
        hangUp = dialer.lines().dial(to, loop, dialer.pipeline(to, this, e -> failed(to, e)), e -> failed(to, e));
    }

    /** A connection that a redirect has left cannot end the relay. */
    private void failed(RtmpUrl to, Throwable failure) {
        if (to == url) {
            end(new RelayEnd(RelayEnd.Kind.UNREACHABLE, RtmpDialer.reason(failure)));
        }
    }

    private void setDeadline(long nanos, Runnable task) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onOpen(RtmpLink link) {
        ClientDialogue opened = new ClientDialogue(this, link);
        dialogue = opened;
        opened.connect();
        link.flush();
    }

    @Override
    public void onMessage(RtmpMessage message) {
        switch (message) {
            case RtmpMessage.Command command -> onCommand(command);
            case Media media -> onMedia(media);
            case UserControl control -> onControl(control);
            default -> {
                // The rest is the link's business, or nobody's.
            }
        }
    }

    /** Servers that send us elsewhere may say more in the same breath, which is nobody's then. */
    private void onCommand(RtmpMessage.Command command) {
        if (dialogue != null) {
            dialogue.onCommand(RtmpCommand.parse(command.values()));
        }
    }

    private void onMedia(Media media) {
        if (purpose == Purpose.PLAY && ready && !ended) {
            mediaSeen = true;
            listener.onMedia(media);
        } else {
            media.body().release();
        }
    }

    private void onControl(UserControl control) {
        boolean ours = dialogue != null && control.value() == dialogue.messageStreamId();
        if (control.event() == UserControl.STREAM_EOF && purpose == Purpose.PLAY && ready && ours) {
            end(new RelayEnd(RelayEnd.Kind.STREAM_ENDED, "the far side ended the stream"));
        }
    }

    /** The far side says that it is a node. */
    void reached(String nodeId) {
        listener.onNode(nodeId);
    }

    /** The far side has agreed. */
    void agreed() {
        if (ready) {
            return;
        }
        ready = true;
        // Players wait for what is pulled as for what is published here, so others make room for both alike.
        dialogue().link().publishes(purpose == Purpose.PLAY);
        hear(now());
        watch();
        listener.onReady(this);
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    private void hear(long now) {
        heardBytes = dialogue().link().receivedBytes();
        heardAt = now;
    }

    /** Looks at the far side from time to time, and when a message that is not whole has taken too long. */
    private void watch() {
        long patience =
                dialer.limits().messageTimeout().toNanos() - dialogue().link().unfinishedNanos();
        setDeadline(Math.clamp(patience, 1, dialer.times().stall().toNanos() / LOOKS), this::look);
    }

    private void look() {
        long now = now();
        boolean silent = dialogue().link().receivedBytes() == heardBytes;
        if (dialogue().link().isStuck()) {
            exceeded(RelayEnd.Kind.STALLED, "limit_rtmp_message_timeout", "a message is not whole");
        } else if (!silent || purpose == Purpose.PUBLISH) {
            hear(now);
            listener.onLook();
            watch();
        } else if (now - heardAt < dialer.times().stall().toNanos()) {
            watch();
        } else if (mediaSeen) {
            end(new RelayEnd(RelayEnd.Kind.STALLED, "nothing came any more"));
        } else {
            // Some servers accept players of streams that do not exist and send nothing.
            end(new RelayEnd(RelayEnd.Kind.NOT_FOUND, "accepted, but nothing came"));
        }
    }

    /** Something that a far side can cause as often as it likes: counted, and rarely logged. */
    void trouble(String event, String detail) {
        dialer.troubles().happened(event, url.host() + ":" + url.port(), detail);
    }

    /** The far side is beyond one of our limits: the end. */
    void exceeded(RelayEnd.Kind kind, String event, String detail) {
        trouble(event, detail);
        end(new RelayEnd(kind, event + ": " + detail));
    }

    /** The far side sends us elsewhere. */
    void redirected(RtmpUrl to) {
        if (++redirects > MOST_REDIRECTS) {
            end(new RelayEnd(RelayEnd.Kind.REFUSED, "redirected more than " + MOST_REDIRECTS + " times"));
            return;
        }
        url = to;
        dialogue = null;
        Objects.requireNonNull(hangUp).run();
        dial();
    }

    @Override
    public void onFault(Throwable fault) {
        if (fault instanceof MalformedDataException) {
            String event = fault instanceof LimitExceededException over ? "limit_" + over.limit() : "malformed";
            trouble(event, String.valueOf(fault.getMessage()));
        } else if (!(fault instanceof IOException)) {
            log.warn("event=fault remote={}:{}", url.host(), url.port(), fault);
        }
        // A connection that a redirect has left cannot end the relay.
        if (dialogue != null) {
            String what = fault instanceof MalformedDataException ? "malformed: " : "";
            end(new RelayEnd(RelayEnd.Kind.UNREACHABLE, what + fault.getMessage()));
        }
    }

    @Override
    public void onClosed() {
        // After a redirect the old connection closes while the new one has not opened.
        if (dialogue != null) {
            end(new RelayEnd(RelayEnd.Kind.UNREACHABLE, "the far side closed the connection"));
        }
    }

    /** Ends it from any thread. */
    void stop(RelayEnd end) {
        loop.execute(() -> end(end));
    }

    /** The one end; later calls change nothing. The far side is told where it listens. On the event loop. */
    void end(RelayEnd end) {
        if (ended) {
            return;
        }
        ended = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        listener.onEnded(end);
        if (dialogue != null) {
            dialogue.goodbye();
        } else if (hangUp != null) {
            hangUp.run();
        }
    }
}
