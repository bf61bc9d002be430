package xiu.protocol.rtmp.client;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.bytes.LimitExceededException;
import xiu.bytes.MalformedDataException;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.stream.relay.RelayEnd;

/**
 * One connection of a client. Redirects and logins need several, one after the other; once a client has left one for
 * the next, neither what it still receives nor how it ends matters. Confined to the client's event loop.
 */
final class ClientAttempt implements RtmpLink.Owner {
    private static final Logger log = LoggerFactory.getLogger(ClientAttempt.class);

    private final ClientContext context;
    private final RtmpUrl url;
    private final String loginQuery;
    private final ClientRequest request;
    private final Listener listener;
    private @Nullable Runnable hangUp;
    private @Nullable ClientDialogue dialogue;
    private boolean left;

    /** Gets the events of the connection. */
    interface Listener extends ClientDialogue.Listener {
        /** Media of the far side; consumed. */
        void onMedia(Media media);

        /** An event of the far side. */
        void onControl(UserControl control);
    }

    /**
     * A connection that is not dialled yet.
     *
     * @param loginQuery what follows the app and {@code tcUrl}; usually empty
     */
    ClientAttempt(ClientContext context, RtmpUrl url, String loginQuery, ClientRequest request, Listener listener) {
        this.context = context;
        this.url = url;
        this.loginQuery = loginQuery;
        this.request = request;
        this.listener = listener;
    }

    RtmpUrl url() {
        return url;
    }

    /** The dialogue on the connection; only once it is open. */
    ClientDialogue dialogue() {
        return Objects.requireNonNull(dialogue);
    }

    void dial(EventLoop loop) {
        hangUp = context.dial(url, loop, this, this::failed);
    }

    private void failed(Throwable failure) {
        end(ConnectFailure.reason(failure));
    }

    private void end(String why) {
        if (!left) {
            listener.end(new RelayEnd(RelayEnd.Kind.UNREACHABLE, url.withoutSecrets(why)));
        }
    }

    @Override
    public void onOpen(RtmpLink link) {
        if (left) {
            link.close();
            return;
        }
        ClientDialogue opened = new ClientDialogue(link, url, request, listener);
        dialogue = opened;
        opened.connect(loginQuery);
        link.flush();
    }

    @Override
    public void onMessage(RtmpMessage message) {
        switch (message) {
            case RtmpMessage.Command command
            when !left && dialogue != null -> dialogue.onCommand(RtmpCommand.parse(command.values()));
            case UserControl control when !left -> listener.onControl(control);
            case Media media -> {
                if (left) {
                    media.body().release();
                } else {
                    listener.onMedia(media);
                }
            }
            default -> {
                // All others are handled by the link, or are ignored.
            }
        }
    }

    @Override
    public void onFault(Throwable fault) {
        if (fault instanceof MalformedDataException) {
            String event = fault instanceof LimitExceededException over ? "limit_" + over.limit() : "malformed";
            context.trouble(url, event, String.valueOf(fault.getMessage()));
        } else if (!(fault instanceof IOException)) {
            log.warn("event=fault remote={}:{}", url.host(), url.port(), fault);
        }
        end((fault instanceof MalformedDataException ? "malformed: " : "") + fault.getMessage());
    }

    @Override
    public void onClosed() {
        end("the far side closed the connection");
    }

    /** Closes at once, because another connection takes its place. */
    void leave() {
        left = true;
        if (hangUp != null) {
            hangUp.run();
        }
    }

    /** Ends the last connection: sends what ends the stream, if the dialogue has begun, and closes. */
    void goodbye() {
        if (dialogue == null) {
            leave();
        } else {
            left = true;
            dialogue.goodbye();
        }
    }
}
