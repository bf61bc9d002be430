package xiu.protocol.rtmp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.bytes.MalformedDataException;
import xiu.container.flv.AmfLimits;
import xiu.protocol.rtmp.wire.ClientHandshakeHandler;
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

        /** It ended, or never began. Called once. */
        void onEnded(RelayEnd end);
    }

    private static final Logger log = LoggerFactory.getLogger(RtmpClient.class);
    private static final int MOST_REDIRECTS = 3;

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
                dialer.times().connect().plus(dialer.times().setup()).toMillis(),
                () -> end(new RelayEnd(RelayEnd.Kind.STALLED, "no answer in time")));
        hangUp = dialer.lines().dial(url, loop, new Pipeline(url), this::failed);
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        private final RtmpUrl to;

        private Pipeline(RtmpUrl to) {
            this.to = to;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (to.tls()) {
                channel.pipeline().addLast(dialer.tls().newHandler(channel.alloc(), to.host(), to.port()));
            }
            channel.pipeline()
                    .addLast(new ClientHandshakeHandler(
                            context -> channel.pipeline().addLast(new RtmpLink(dialer.limits(), RtmpClient.this)),
                            cause -> {
                                if (to == url) {
                                    failed(cause);
                                }
                            }));
        }
    }

    private void failed(Throwable failure) {
        Throwable cause = failure;
        boolean tls = false;
        while (cause.getCause() != null) {
            tls |= cause instanceof SSLException;
            cause = cause.getCause();
        }
        tls |= cause instanceof SSLException;
        String why = (tls ? "TLS: " : "") + (cause.getMessage() == null ? "closed" : cause.getMessage());
        end(new RelayEnd(RelayEnd.Kind.UNREACHABLE, why));
    }

    private void setDeadline(long millis, Runnable task) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
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
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (purpose == Purpose.PLAY) {
            listen();
        }
        listener.onReady(this);
    }

    /** Some servers accept players of streams that do not exist and send nothing. */
    private void listen() {
        heardBytes = dialogue().link().receivedBytes();
        setDeadline(dialer.times().stall().toMillis(), () -> {
            if (dialogue().link().isStuck()) {
                end(new RelayEnd(RelayEnd.Kind.STALLED, "limit_rtmp_message_timeout: a message is not whole"));
            } else if (dialogue().link().receivedBytes() != heardBytes) {
                listen();
            } else if (mediaSeen) {
                end(new RelayEnd(RelayEnd.Kind.STALLED, "nothing came any more"));
            } else {
                end(new RelayEnd(RelayEnd.Kind.NOT_FOUND, "accepted, but nothing came"));
            }
        });
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
        if (!(fault instanceof MalformedDataException || fault instanceof IOException)) {
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
