package xiu.protocol.rtmp.client;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.NodeRoute;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.RtmpMessage.SetChunkSize;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;
import xiu.stream.relay.RelayEnd;
import xiu.stream.text.LogText;

/**
 * The commands that a client sends on one connection, and how it handles the answers: {@code connect}, {@code
 * createStream}, then {@code publish} or {@code play}. Confined to the client's event loop.
 */
final class ClientDialogue {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;
    private static final int CONNECT = 1;
    private static final int RELEASE_STREAM = 2;
    private static final int FC_PUBLISH = 3;
    private static final int CREATE_STREAM = 4;
    private static final int PUBLISH_OR_PLAY = 5;
    private static final int GOODBYE = 6;
    /** The start that players ask for: live, or else recorded. */
    private static final double ANY_START = -2000;

    private static final int LONGEST = 200;

    private final RtmpLink link;
    private final RtmpUrl url;
    private final ClientRequest request;
    private final Listener listener;
    private boolean answered;
    private int messageStreamId;
    private @Nullable String farNode;
    private List<String> farRoute = List.of();

    /** Gets the outcome of the dialogue. */
    interface Listener {
        /** The far side is a node with this id. */
        void onNode(String nodeId);

        /** The far side allows to play or publish; may be called more than once. */
        void onAgreed();

        /**
         * The far side refuses {@code connect}.
         *
         * @param description as the far side sent it, to be parsed
         * @param why for the log
         */
        void onRefused(String description, String why);

        /** The far side has the stream elsewhere. */
        void onRedirected(RtmpUrl to);

        /** The dialogue has ended. */
        void end(RelayEnd end);
    }

    ClientDialogue(RtmpLink link, RtmpUrl url, ClientRequest request, Listener listener) {
        this.link = link;
        this.url = url;
        this.request = request;
        this.listener = listener;
    }

    RtmpLink link() {
        return link;
    }

    /** The message stream that the far side created; 0 before. */
    int messageStreamId() {
        return messageStreamId;
    }

    /** The nodes that a stream from there has passed, the far side last; empty when the far side is no Xiu. */
    List<String> farRoute() {
        return farRoute.isEmpty() && farNode != null ? List.of(farNode) : farRoute;
    }

    /** {@code loginQuery}: what follows the app and {@code tcUrl}; usually empty. */
    void connect(String loginQuery) {
        link.command(0, "connect", CONNECT, ConnectObject.of(url, loginQuery, request));
    }

    void onCommand(RtmpCommand command) {
        switch (command) {
            case RtmpCommand.Reply reply -> onReply(reply);
            case RtmpCommand.Status status -> onStatus(status);
            default -> {
                // onBWDone, onFCPublish and the like need no answer.
            }
        }
        link.flush();
    }

    private void onReply(RtmpCommand.Reply reply) {
        switch ((int) reply.transaction()) {
            // Only once: a far side that repeats its answer could otherwise make us redial, or repeat commands, without
            // end.
            case CONNECT -> {
                if (answered) {
                    return;
                }
                answered = true;
                if (reply.failed()) {
                    refused(reply);
                } else {
                    connected(reply);
                }
            }
            case CREATE_STREAM -> {
                if (messageStreamId != 0) {
                    return;
                }
                if (reply.failed() || !(reply.value() instanceof AmfValue.Number number)) {
                    end(RelayEnd.Kind.REFUSED, "no message stream");
                } else {
                    messageStreamId = (int) number.value();
                    ask();
                }
            }
            default -> {
                // Nothing depends on the answers to releaseStream and FCPublish.
            }
        }
    }

    private void connected(RtmpCommand.Reply reply) {
        farNode = reply.properties()
                .text(NodeRoute.NODE)
                .filter(NodeRoute::isNode)
                .orElse(null);
        if (farNode != null && request.route().contains(farNode)) {
            end(RelayEnd.Kind.LOOP, "the stream has been at node " + farNode + " before");
            return;
        }
        if (farNode != null) {
            listener.onNode(farNode);
        }
        String name = url.name();
        if (!request.plays()) {
            link.write(new SetChunkSize(RtmpMessageFormat.CHUNK_SIZE));
            link.command(0, "releaseStream", RELEASE_STREAM, NULL, AmfValue.of(name));
            link.command(0, "FCPublish", FC_PUBLISH, NULL, AmfValue.of(name));
        }
        link.command(0, "createStream", CREATE_STREAM, NULL);
    }

    private void ask() {
        AmfValue name = AmfValue.of(url.name());
        switch (request.purpose()) {
            case PUBLISH -> link.command(messageStreamId, "publish", PUBLISH_OR_PLAY, NULL, name, AmfValue.of("live"));
            case PLAY -> link.command(messageStreamId, "play", PUBLISH_OR_PLAY, NULL, name, AmfValue.of(ANY_START));
        }
    }

    /** A rejection may name another place: {@code ex: {code: 302, redirect: "rtmp://…/app"}}. */
    private void refused(RtmpCommand.Reply reply) {
        AmfValue.Fields why = reply.information();
        String redirect = why.get("ex")
                .filter(AmfValue.Fields.class::isInstance)
                .map(AmfValue.Fields.class::cast)
                .flatMap(ex -> ex.text("redirect"))
                .orElse("");
        if (redirect.isEmpty()) {
            listener.onRefused(why.text("description").orElse(""), describe(why));
            return;
        }
        try {
            listener.onRedirected(url.redirected(redirect));
        } catch (IllegalArgumentException e) {
            end(RelayEnd.Kind.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private void onStatus(RtmpCommand.Status status) {
        String code = status.code();
        boolean failed = status.information().text("level").orElse("").equals("error");
        switch (code) {
            case "NetStream.Publish.Start" -> listener.onAgreed();
            case "NetStream.Play.Start" -> onPlayStart(status.information());
            case "NetStream.Play.StreamNotFound" -> end(RelayEnd.Kind.NOT_FOUND, describe(status.information()));
            case "NetStream.Play.UnpublishNotify", "NetStream.Play.Stop", "NetStream.Play.Complete" ->
                end(RelayEnd.Kind.STREAM_ENDED, "the far side ended the stream");
            case "NetConnection.Connect.Closed" -> end(RelayEnd.Kind.UNREACHABLE, "the far side closes");
            default -> {
                if (failed) {
                    end(RelayEnd.Kind.REFUSED, describe(status.information()));
                }
            }
        }
    }

    private void onPlayStart(AmfValue.Fields information) {
        farRoute = NodeRoute.of(information);
        if (!request.route().isEmpty() && farRoute.contains(request.route().getLast())) {
            end(RelayEnd.Kind.LOOP, "the far side has the stream from here, by way of " + farRoute);
        } else {
            listener.onAgreed();
        }
    }

    /** What a far side says, in a form that may be logged: it may repeat secrets that were sent to it. */
    private String describe(AmfValue.Fields information) {
        String code = information.text("code").orElse("no code");
        String description = information.text("description").orElse("");
        return LogText.of(url.withoutSecrets(code + " " + description), LONGEST).strip();
    }

    private void end(RelayEnd.Kind kind, String message) {
        listener.end(new RelayEnd(kind, message));
    }

    /** Ends the stream explicitly, so that the far side has its name free at once. */
    void goodbye() {
        if (messageStreamId != 0) {
            if (!request.plays()) {
                link.command(0, "FCUnpublish", GOODBYE, NULL, AmfValue.of(url.name()));
            }
            link.command(0, "deleteStream", GOODBYE + 1, NULL, AmfValue.of(messageStreamId));
        }
        link.closeAfterFlush();
    }
}
