package xiu.protocol.rtmp.client;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xiu.container.flv.amf.AmfLimits;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.login.LoginAnswers;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.RelayEnd;

/**
 * A connection to another server, to play from it or to publish to it: dials, asks, follows redirects, watches the
 * time, and ends in one place. Confined to one event loop, the same for every redial.
 */
final class RtmpClient {
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

    private static final int MOST_REDIRECTS = 3;
    /** Looks at the far side in the time that it may be silent. */
    private static final int LOOKS = 4;

    private final RtmpDialer dialer;
    private final Purpose purpose;
    private final List<String> route;
    private final Listener listener;
    private final EventLoop loop;
    private ClientAttempt attempt;
    private LoginAnswers login;
    private int redirects;
    private @Nullable Future<?> deadline;
    private boolean ready;
    private boolean mediaSeen;
    private long heardBytes;
    private long heardAt;
    private boolean ended;

    RtmpClient(RtmpDialer dialer, RtmpUrl url, Purpose purpose, List<String> route, Listener listener) {
        this.dialer = dialer;
        this.attempt = new ClientAttempt(this, url, "");
        this.login = new LoginAnswers(url.login(), url.app());
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
        return attempt.url();
    }

    AmfLimits amf() {
        return dialer.limits().amf();
    }

    /** What is said on the connection; only once it is ready. */
    ClientDialogue dialogue() {
        return attempt.dialogue();
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
        attempt.dial(dialer);
    }

    private void setDeadline(long nanos, Runnable task) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** Consumes {@code media}. */
    void onMedia(Media media) {
        if (purpose == Purpose.PLAY && ready && !ended) {
            mediaSeen = true;
            listener.onMedia(media);
        } else {
            media.body().release();
        }
    }

    void onControl(UserControl control) {
        boolean ours = control.value() == dialogue().messageStreamId();
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
        dialer.troubles().happened(event, url().host() + ":" + url().port(), detail);
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
        } else {
            login = new LoginAnswers(to.login(), to.app());
            redial(to, "");
        }
    }

    /** The far side refuses to connect. */
    void refused(String description, String why) {
        switch (login.to(description)) {
            case LoginAnswers.Step.Again again -> redial(url(), again.query());
            case LoginAnswers.Step.GiveUp giveUp -> end(new RelayEnd(RelayEnd.Kind.REFUSED, giveUp.why()));
            case LoginAnswers.Step.NotAsked notAsked -> end(new RelayEnd(RelayEnd.Kind.REFUSED, "connect: " + why));
        }
    }

    private void redial(RtmpUrl to, String loginQuery) {
        attempt.leave();
        attempt = new ClientAttempt(this, to, loginQuery);
        dial();
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
        try {
            listener.onEnded(end);
        } finally {
            attempt.goodbye();
        }
    }
}
