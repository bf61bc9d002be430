package xiu.protocol.rtmp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.container.flv.amf.AmfFields;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.RtmpCommand;
import xiu.protocol.rtmp.login.Login;
import xiu.protocol.rtmp.login.LoginAnswers;
import xiu.protocol.rtmp.login.LoginDialogue;
import xiu.stream.AccessPolicy.Access;
import xiu.stream.AccessRequest;
import xiu.stream.StreamHub;
import xiu.stream.settings.StreamSettings;

/** Publishers that show a user and a password when they connect. */
class SessionLoginTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<AccessRequest> asked = new ArrayList<>();
    private final StreamHub hub = new StreamHub(StreamSettings.defaults(), this::decide, timer);
    private final LoginDialogue login = new LoginDialogue(System::nanoTime);

    private CompletableFuture<Access> decide(AccessRequest request) {
        asked.add(request);
        boolean token = request.credentials().query().contains("token=push");
        boolean password = request.credentials().proof().knows("push");
        return CompletableFuture.completedFuture(token || password ? Access.PROVEN : Access.DENIED);
    }

    @AfterEach
    void stop() {
        TestPeer.closeAll();
        hub.stop();
        timer.shutdownNow();
    }

    /** The reply to {@code connect} of somebody who comes to publish. */
    private RtmpCommand.Reply connect(TestPeer peer, String app) {
        AmfFields object = AmfValue.fields().put("app", app).put("type", "nonprivate");
        peer.call(0, "connect", 1, object.object());
        return (RtmpCommand.Reply) peer.commands.getLast();
    }

    private TestPeer loggedIn(String password) {
        LoginAnswers answers = new LoginAnswers(new Login("anybody", password), "live");
        String query = "";
        for (int i = 0; i < 3; i++) {
            TestPeer peer = new TestPeer(hub, login);
            RtmpCommand.Reply reply = connect(peer, "live" + query);
            if (!reply.failed()) {
                return peer;
            }
            assertThat(peer.ends).isOne();
            assertThat(reply.information().text("code")).contains("NetConnection.Connect.Rejected");
            String description = reply.information().text("description").orElseThrow();
            query = ((LoginAnswers.Step.Again) answers.to(description)).query();
        }
        throw new AssertionError("not let in");
    }

    @Test
    void whoKnowsThePasswordPublishes() {
        TestPeer peer = loggedIn("push");
        assertThat(peer.publish(peer.createStream(), "cam")).contains("status/1 NetStream.Publish.Start");
        // What belongs to the login is nobody else's business.
        assertThat(asked.getLast().credentials().query()).isEmpty();
        assertThat(asked.getLast().credentials()).hasToString("hidden");
    }

    @Test
    void whoDoesNotKnowItIsToldWhenTheStreamIsKnown() {
        TestPeer peer = loggedIn("wrong");
        assertThat(peer.publish(peer.createStream(), "cam")).contains("status/1 NetStream.Publish.BadAuth");
        assertThat(peer.ends).isOne();
    }

    @Test
    void aTokenBehindTheAppNeedsNoLogin() {
        TestPeer peer = new TestPeer(hub, login);
        assertThat(connect(peer, "live?token=push").failed()).isFalse();
        assertThat(peer.publish(peer.createStream(), "cam")).contains("status/1 NetStream.Publish.Start");
    }

    @Test
    void playersAreNotAsked() {
        TestPeer peer = new TestPeer(hub, login).connect("live");
        assertThat(((RtmpCommand.Reply) peer.commands.getLast()).failed()).isFalse();
    }

    @Test
    void withoutTheSettingNobodyIsAsked() {
        TestPeer peer = new TestPeer(hub);
        assertThat(connect(peer, "live").failed()).isFalse();
        assertThat(peer.publish(peer.createStream(), "cam?token=push")).contains("status/1 NetStream.Publish.Start");
    }
}
