package xiu.protocol.rtmp.server;

import org.jspecify.annotations.Nullable;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.protocol.rtmp.server.session.SessionEvents;
import xiu.stream.EndReason;

/**
 * The commands of a session about its connection (RTMP 1.0 §7.2.1): {@code connect} first, then {@code createStream}
 * and others that encoders send. Those about message streams go on to {@link StreamCommands}. Confined to the event
 * loop.
 */
final class ConnectionCommands {
    private static final AmfValue NULL = AmfValue.Nothing.NULL;

    private final SessionConnection connection;
    private final StreamCommands streams;
    private final SessionEvents session;
    private final CommandReplies replies;
    private final Connecting connecting;
    private @Nullable ConnectedApp app;

    ConnectionCommands(SessionConnection connection, StreamCommands streams, SessionEvents session) {
        this.connection = connection;
        this.streams = streams;
        this.session = session;
        this.replies = new CommandReplies(connection);
        this.connecting = new Connecting(connection, replies);
    }

    /** The app, for the log. */
    String app() {
        return app == null ? "-" : app.address().path();
    }

    void onCommand(int id, RtmpCommand command) {
        ConnectedApp connected = app;
        if (connected != null) {
            onCommand(connected, id, command);
        } else if (command instanceof RtmpCommand.Connect connect) {
            app = connecting.onConnect(connect);
            if (app == null) {
                session.end(EndReason.KICKED);
            }
        } else if (command.transaction() != 0) {
            // Not remembered as answered: after a connect the client may send the command again.
            replies.error(command, RtmpStatus.CALL_FAILED, "connect comes first");
        }
    }

    private void onCommand(ConnectedApp connected, int id, RtmpCommand command) {
        switch (command) {
            case RtmpCommand.Connect connect -> replies.fail(connect, "connected already");
            case RtmpCommand.CreateStream create -> createStream(create);
            case RtmpCommand.DeleteStream delete -> streams.delete(delete.messageStreamId());
            case RtmpCommand.FcPublish publish ->
                replies.acknowledge(publish, "onFCPublish", RtmpStatus.PUBLISH_START, publish.name());
            case RtmpCommand.FcUnpublish unpublish -> {
                replies.acknowledge(unpublish, "onFCUnpublish", RtmpStatus.UNPUBLISH_SUCCESS, unpublish.name());
                streams.unpublish(connected.stream(unpublish.name()).path());
            }
            case RtmpCommand.FcSubscribe subscribe ->
                replies.acknowledge(subscribe, "onFCSubscribe", RtmpStatus.PLAY_START, subscribe.name());
            case RtmpCommand.StreamLength length -> replies.result(length, AmfValue.of(0));
            case RtmpCommand.Courtesy courtesy -> replies.result(courtesy, NULL);
            case RtmpCommand.Unknown unknown -> replies.fail(unknown, "unknown command");
            case RtmpCommand.Reply reply -> {}
            case RtmpCommand.Status status -> {}
            case RtmpCommand.OnStream onStream -> {
                if (!streams.onCommand(connected, id, onStream)) {
                    refuseUnknown(id, onStream);
                }
            }
        }
    }

    private void createStream(RtmpCommand.CreateStream create) {
        int created = streams.create();
        if (created == 0) {
            int most = connection.context().limits().messageStreams();
            connection.trouble("limit_rtmp_message_streams", "more than " + most);
            replies.fail(create, "too many message streams");
        } else {
            replies.result(create, AmfValue.of(created));
        }
    }

    /** Sent also where no answer is wanted: otherwise the client would wait for a status that never comes. */
    private void refuseUnknown(int id, RtmpCommand command) {
        connection.trouble(
                "rtmp_unknown_message_stream", "message stream: " + id + " (expected: one that was created)");
        if (replies.begin(command) || command.transaction() == 0) {
            replies.error(command, RtmpStatus.CALL_FAILED, "no such message stream");
        }
    }
}
