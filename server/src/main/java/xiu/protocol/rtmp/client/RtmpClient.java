package xiu.protocol.rtmp.client;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import xiu.container.flv.amf.AmfLimits;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.login.LoginAnswers;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.Peer;
import xiu.stream.relay.RelayEnd;

/**
 * A client of another server, to play from it or to publish to it: dials, sends the commands, follows redirects,
 * watches the timeouts, and ends in one place. Confined to one event loop, the same for every redial.
 */
final class RtmpClient implements ClientAttempt.Listener, ClientWatch.Listener {
    /** The owner of a client. All calls come on the event loop. */
    interface Listener {
        /** The far side allows to play or publish. */
        void onReady();

        /** The far side is a node with this id. */
        default void onNode(String nodeId) {}

        /** Media that is played; consumed. */
        void onMedia(Media media);

        /** Called at intervals while the client runs. */
        default void onCheck() {}

        /** The client ended, or never began. Called once. */
        void onEnded(RelayEnd end);
    }

    private static final int MOST_REDIRECTS = 3;

    private final ClientContext context;
    private final ClientRequest request;
    private final Listener listener;
    private final EventLoop loop;
    private final ClientWatch watch;
    private ClientAttempt attempt;
    private LoginAnswers login;
    private int redirects;
    private boolean ready;
    private boolean ended;

    RtmpClient(ClientContext context, RtmpUrl url, ClientRequest request, Listener listener) {
        this.context = context;
        this.request = request;
        this.listener = listener;
        this.loop = context.network().loop();
        this.watch = new ClientWatch(loop, context, request.plays(), this);
        this.attempt = new ClientAttempt(context, url, "", request, this);
        this.login = new LoginAnswers(url.login(), url.app());
    }

    /** Begins; returns at once. Any thread. */
    void start() {
        loop.execute(this::dial);
    }

    private void dial() {
        if (!ended) {
            watch.onDial();
            attempt.dial(loop);
        }
    }

    /** The far side refuses to connect. */
    @Override
    public void onRefused(String description, String why) {
        switch (login.to(description)) {
            case LoginAnswers.Step.Again again -> redial(attempt.url(), again.query());
            case LoginAnswers.Step.GiveUp giveUp -> end(new RelayEnd(RelayEnd.Kind.REFUSED, giveUp.why()));
            case LoginAnswers.Step.NotAsked notAsked -> end(new RelayEnd(RelayEnd.Kind.REFUSED, "connect: " + why));
        }
    }

    /** The far side sends us elsewhere. */
    @Override
    public void onRedirected(RtmpUrl to) {
        if (++redirects > MOST_REDIRECTS) {
            end(new RelayEnd(RelayEnd.Kind.REFUSED, "redirected more than " + MOST_REDIRECTS + " times"));
        } else {
            login = new LoginAnswers(to.login(), to.app());
            redial(to, "");
        }
    }

    private void redial(RtmpUrl to, String loginQuery) {
        attempt.leave();
        attempt = new ClientAttempt(context, to, loginQuery, request, this);
        dial();
    }

    @Override
    public void onNode(String nodeId) {
        listener.onNode(nodeId);
    }

    /** The far side allows to play or publish. */
    @Override
    public void onAgreed() {
        if (ready) {
            return;
        }
        ready = true;
        // A pulled stream has players as a published one has, so both keep their memory when it is short.
        link().publishes(request.plays());
        watch.onAgreed(link());
        listener.onReady();
    }

    @Override
    public void onMedia(Media media) {
        if (request.plays() && ready && !ended) {
            watch.onMedia();
            listener.onMedia(media);
        } else {
            media.body().release();
        }
    }

    @Override
    public void onControl(UserControl control) {
        boolean ours = control.value() == dialogue().messageStreamId();
        if (control.event() == UserControl.STREAM_EOF && request.plays() && ready && ours) {
            end(new RelayEnd(RelayEnd.Kind.STREAM_ENDED, "the far side ended the stream"));
        }
    }

    @Override
    public void onCheck() {
        listener.onCheck();
    }

    /** Counts something that a far side can cause as often as it likes; rarely logged. */
    void trouble(String event, String detail) {
        context.trouble(attempt.url(), event, detail);
    }

    /** The far side has exceeded one of our limits, which ends the client. */
    @Override
    public void exceeded(RelayEnd.Kind kind, String event, String detail) {
        trouble(event, detail);
        end(new RelayEnd(kind, event + ": " + detail));
    }

    /** Ends it from any thread. */
    void stop(RelayEnd end) {
        loop.execute(() -> end(end));
    }

    /** The one end; later calls change nothing. Also ends the stream at the far side. On the event loop. */
    @Override
    public void end(RelayEnd end) {
        if (ended) {
            return;
        }
        ended = true;
        watch.end();
        try {
            listener.onEnded(end);
        } finally {
            attempt.goodbye();
        }
    }

    EventLoop loop() {
        return loop;
    }

    AmfLimits amf() {
        return context.limits().get().amf();
    }

    /** The dialogue on the connection; only once it is open. */
    ClientDialogue dialogue() {
        return attempt.dialogue();
    }

    /** The connection; only once it is open. */
    RtmpLink link() {
        return dialogue().link();
    }

    /** The far side as a peer of this server; only once it is open. */
    Peer peer(String protocol, long number) {
        String id = protocol + "-" + number;
        return link().channel().remoteAddress() instanceof InetSocketAddress remote
                ? new Peer(id, protocol, remote.getAddress(), remote.getPort())
                : new Peer(id, protocol, null, 0);
    }
}
