package xiu.protocol.rtmp.server;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.NodeRoute;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.address.StreamAddress;
import xiu.protocol.rtmp.login.LoginDialogue;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.AccessRequest.Proof;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;

/**
 * What a client asks of a server's session, and the message streams it has made. A transaction id is answered once; what
 * is asked under it again is done, and not answered. Confined to the event loop.
 */
final class ServerCommands {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;

    private final RtmpServerSession session;
    private final MessageStreams<ServerStream> streams;
    private final AnsweredCalls answered = new AnsweredCalls();
    private @Nullable StreamAddress app;
    private List<String> route = List.of();
    private Proof proof = Proof.NONE;

    ServerCommands(RtmpServerSession session) {
        this.session = session;
        this.streams = new MessageStreams<>(session.limits().messageStreams(), id -> new ServerStream(session, id));
    }

    /** For the log. */
    String app() {
        return app == null ? "-" : app.path();
    }

    /** The nodes that this peer, a relay, has named; empty for all others. */
    List<String> route() {
        return route;
    }

    /** Throws when a stream from this relay would have been here before. */
    void refuseLoop() {
        if (route.contains(session.nodeId())) {
            throw new StreamException(StreamException.Reason.BAD_NAME, "the stream has been at this node before");
        }
    }

    /** The address of a stream with this name, before which all has been said that belongs to it. */
    StreamAddress address(String name) {
        return Objects.requireNonNull(app).stream(name);
    }

    boolean claims(StreamKey key) {
        return streams.all().stream().anyMatch(stream -> stream.claims(key));
    }

    boolean isUsed() {
        return streams.all().stream().anyMatch(ServerStream::isUsed);
    }

    /** One of the streams that are fed here, or null. */
    @Nullable
    MediaStream published() {
        for (ServerStream stream : streams.all()) {
            MediaStream published = stream.published();
            if (published != null) {
                return published;
            }
        }
        return null;
    }

    /** Whether somebody wants the frames of a stream that is fed here as soon as they are here. */
    boolean isAwaited() {
        for (ServerStream stream : streams.all()) {
            MediaStream published = stream.published();
            if (published != null && published.isAwaited()) {
                return true;
            }
        }
        return false;
    }

    /** A media message; consumed. */
    void onMedia(Media media) {
        // Chunk streams that begin with format 1 never name their message stream, and so seem to be on 0.
        ServerStream stream = streams.find(media.messageStreamId(), ServerStream::isForPublishing);
        if (stream == null) {
            media.body().release();
        } else {
            stream.accept(media);
        }
    }

    void onCommand(int id, RtmpCommand command) {
        if (command instanceof RtmpCommand.Connect connect) {
            connect(connect);
        } else if (app == null) {
            // Not remembered: whoever connects after all may ask again.
            if (command.transaction() != 0) {
                error(command, "connect comes first");
            }
        } else {
            switch (command) {
                case RtmpCommand.Connect connect -> connect(connect);
                case RtmpCommand.CreateStream create -> createStream(create);
                case RtmpCommand.DeleteStream delete -> deleteStream(delete.messageStreamId());
                case RtmpCommand.FcPublish publish ->
                    acknowledge(publish, "onFCPublish", RtmpStatus.PUBLISH_START, publish.name());
                case RtmpCommand.FcUnpublish unpublish -> unpublish(unpublish);
                case RtmpCommand.FcSubscribe subscribe ->
                    acknowledge(subscribe, "onFCSubscribe", RtmpStatus.PLAY_START, subscribe.name());
                case RtmpCommand.StreamLength length -> result(length, AmfValue.of(0));
                case RtmpCommand.Courtesy courtesy -> result(courtesy, NULL);
                case RtmpCommand.Unknown unknown -> fail(unknown, "unknown command");
                case RtmpCommand.Reply reply -> {}
                case RtmpCommand.Status status -> {}
                case RtmpCommand.OnStream onStream -> onStream(id, onStream);
            }
        }
    }

    private void onStream(int id, RtmpCommand.OnStream command) {
        boolean begins = command instanceof RtmpCommand.Publish || command instanceof RtmpCommand.Play;
        ServerStream stream = begins ? streams.use(id) : streams.find(id);
        if (stream == null) {
            if (begins) {
                refuseUnknown(id, command);
            }
            return;
        }
        switch (command) {
            case RtmpCommand.Publish publish -> stream.publish(publish.name());
            case RtmpCommand.Play play -> stream.play(play.name(), play.reset());
            case RtmpCommand.Pause pause -> stream.pause(pause.paused());
            case RtmpCommand.Seek seek -> stream.seek();
            case RtmpCommand.ReceiveAudio receive -> stream.receiveAudio(receive.wanted());
            case RtmpCommand.ReceiveVideo receive -> stream.receiveVideo(receive.wanted());
            case RtmpCommand.CloseStream close -> stream.close();
        }
    }

    /** Said also where no answer is wanted: without one the client would wait for its status in vain. */
    private void refuseUnknown(int id, RtmpCommand command) {
        session.trouble("rtmp_unknown_message_stream", "message stream: " + id + " (expected: one that was created)");
        if (isToBeAnswered(command) || command.transaction() == 0) {
            error(command, "no such message stream");
        }
    }

    private void connect(RtmpCommand.Connect connect) {
        if (app != null) {
            fail(connect, "connected already");
            return;
        }
        StreamAddress asked = StreamAddress.ofApp(connect.text("app"), connect.text("tcUrl"));
        try {
            asked.checkApp();
        } catch (StreamException e) {
            AmfValue why = RtmpStatus.CONNECT_INVALID_APP.information(String.valueOf(e.getMessage()));
            session.link().command(0, "_error", connect.transaction(), NULL, why);
            session.end(EndReason.KICKED);
            return;
        }
        StreamAddress admitted = admit(connect, asked);
        if (admitted == null) {
            return;
        }
        app = admitted;
        route = NodeRoute.of(connect.object());
        answered.add(connect.transaction());
        ConnectReply.write(session.link(), connect, session.nodeId());
    }

    /** The app without a login, or null for a publisher that has to show one first: it is told, and comes again. */
    private @Nullable StreamAddress admit(RtmpCommand.Connect connect, StreamAddress asked) {
        LoginDialogue login = session.login();
        if (login == null || !connect.announcesPublisher()) {
            return asked;
        }
        return switch (login.onConnect(
                asked.path(), asked.query(), session.peer().place())) {
            case LoginDialogue.Decision.Passed passed -> {
                proof = passed.proof();
                yield new StreamAddress(asked.path(), passed.query());
            }
            case LoginDialogue.Decision.Refused refused -> {
                if (refused.failed()) {
                    session.trouble("login_failed", "no challenge has this answer");
                }
                AmfValue why = RtmpStatus.CONNECT_REJECTED.information(refused.description());
                session.link().command(0, "_error", connect.transaction(), NULL, why);
                session.end(EndReason.KICKED);
                yield null;
            }
        };
    }

    /** What this peer presents for a stream. */
    Credentials credentials(StreamAddress stream) {
        return new Credentials(stream.query(), "", proof);
    }

    private void createStream(RtmpCommand.CreateStream create) {
        ServerStream created = streams.create();
        if (created == null) {
            int most = session.limits().messageStreams();
            session.trouble("limit_rtmp_message_streams", "more than " + most);
            fail(create, "too many message streams");
        } else {
            result(create, AmfValue.of(created.id()));
        }
    }

    private void deleteStream(int id) {
        ServerStream deleted = streams.remove(id);
        if (deleted != null) {
            deleted.close();
        }
    }

    /** Names a stream of this connection, and ends it; what others publish is not this peer's to end. */
    private void unpublish(RtmpCommand.FcUnpublish command) {
        acknowledge(command, "onFCUnpublish", RtmpStatus.UNPUBLISH_SUCCESS, command.name());
        String path = address(command.name()).path();
        for (ServerStream stream : List.copyOf(streams.all())) {
            MediaStream published = stream.published();
            if (published != null && published.key().toString().equals(path)) {
                stream.close();
            }
        }
    }

    private void acknowledge(RtmpCommand command, String name, RtmpStatus status, String description) {
        // What is said besides the result is part of the answer.
        if (command.transaction() == 0 || result(command, NULL)) {
            session.link().command(0, name, 0, NULL, status.information(description));
        }
    }

    private boolean result(RtmpCommand command, AmfValue value) {
        boolean wanted = isToBeAnswered(command);
        if (wanted) {
            session.link().command(0, "_result", command.transaction(), NULL, value);
        }
        return wanted;
    }

    private void fail(RtmpCommand command, String why) {
        if (isToBeAnswered(command)) {
            error(command, why);
        }
    }

    private void error(RtmpCommand command, String why) {
        session.link().command(0, "_error", command.transaction(), NULL, RtmpStatus.CALL_FAILED.information(why));
    }

    private boolean isToBeAnswered(RtmpCommand command) {
        return command.transaction() != 0 && answered.add(command.transaction());
    }

    /** Ends all that the streams do. */
    void end(EndReason reason) {
        List.copyOf(streams.all()).forEach(stream -> stream.end(reason));
        streams.clear();
    }
}
