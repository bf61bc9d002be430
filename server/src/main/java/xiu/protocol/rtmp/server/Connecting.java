package xiu.protocol.rtmp.server;

import org.jspecify.annotations.Nullable;
import xiu.protocol.rtmp.NodeRoute;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.RtmpStatus;
import xiu.protocol.rtmp.address.StreamAddress;
import xiu.protocol.rtmp.login.LoginDialogue;
import xiu.protocol.rtmp.server.session.SessionConnection;
import xiu.stream.AccessRequest.Proof;
import xiu.stream.StreamException;

/**
 * Decides about {@code connect} (RTMP 1.0 §7.2.1.1): whether there can be such an app, and whether a publisher has shown
 * its login. Confined to the event loop.
 */
final class Connecting {
    private final SessionConnection connection;
    private final CommandReplies replies;

    Connecting(SessionConnection connection, CommandReplies replies) {
        this.connection = connection;
        this.replies = replies;
    }

    /** What the peer has connected to, or null when it is refused; its session ends then. */
    @Nullable
    ConnectedApp onConnect(RtmpCommand.Connect connect) {
        StreamAddress asked = StreamAddress.ofApp(connect.text("app"), connect.text("tcUrl"));
        try {
            asked.checkApp();
        } catch (StreamException e) {
            replies.error(connect, RtmpStatus.CONNECT_INVALID_APP, String.valueOf(e.getMessage()));
            return null;
        }
        ConnectedApp app = admit(connect, asked);
        if (app != null) {
            connection.called(connect.text("flashVer"));
            replies.begin(connect);
            ConnectReply.write(connection.link(), connect, connection.context().nodeId());
        }
        return app;
    }

    /** Null for a publisher that has to show a login first: it gets a status, and connects again. */
    private @Nullable ConnectedApp admit(RtmpCommand.Connect connect, StreamAddress asked) {
        LoginDialogue login = connection.context().login();
        if (login == null || !connect.announcesPublisher()) {
            return new ConnectedApp(asked, NodeRoute.of(connect.object()), Proof.NONE);
        }
        Object place = connection.peer().place();
        return switch (login.onConnect(asked.path(), asked.query(), place)) {
            case LoginDialogue.Decision.Passed passed ->
                new ConnectedApp(
                        new StreamAddress(asked.path(), passed.query()),
                        NodeRoute.of(connect.object()),
                        passed.proof());
            case LoginDialogue.Decision.Refused refused -> {
                if (refused.failed()) {
                    connection.trouble("login_failed", "no challenge has this answer");
                }
                replies.error(connect, RtmpStatus.CONNECT_REJECTED, refused.description());
                yield null;
            }
        };
    }
}
