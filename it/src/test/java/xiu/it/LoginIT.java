package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A real encoder, and a relay, that show a user and a password; neither is ever in a log. */
class LoginIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    private static final String GUARDED = """
            [authsecret]
            key = "hush-key"
            password = "hush-play"
            push_password = "%s"
            [rtmp]
            [rtmp.auth]
            push_enabled = true
            challenge = true
            algorithm = "%s"
            [log]
            level = "trace"
            """;
    private static final String NEAR = """
            [rtmp]
            [[rtmp.push]]
            url = "rtmp://any:hush-push@127.0.0.1:%1$d/{app}-own/{stream}"
            [[rtmp.push]]
            url = "rtmp://any:hush-wrong@127.0.0.1:%1$d/{app}-wrong/{stream}"
            [[rtmp.push]]
            url = "rtmp://127.0.0.1:%1$d/{app}-without/{stream}"
            [log]
            level = "trace"
            """;

    private static String as(String login, String url) {
        return url.replace("rtmp://", "rtmp://" + login + "@");
    }

    @Test
    void ffmpegWithTheRightPasswordPublishesAndNobodyElse() {
        try (XiuProcess server = XiuProcess.start(GUARDED.formatted("hush-push", "simple"))) {
            try (ExternalProcess right = MediaTools.publishForEver(
                            TestClips.avcAac(), as("any:hush-push", server.rtmp("live/test")));
                    ExternalProcess token =
                            MediaTools.publishForEver(TestClips.avcAac(), server.rtmp("live?token=hush-push/key"))) {
                server.awaitLog("event=publish .*stream=live/test", SOON);
                server.awaitLog("event=publish .*stream=live/key", SOON);
                assertThat(right.isAlive() && token.isAlive()).isTrue();
                for (String login : List.of("any:hush-play", "hush-push:any")) {
                    try (ExternalProcess wrong =
                            MediaTools.publish(TestClips.avcAac(), as(login, server.rtmp("live/wrong")))) {
                        assertThat(wrong.awaitExit(SOON)).as(login).isNotZero();
                        assertThat(wrong.errors()).contains("wrong or missing token");
                    }
                }
                try (ExternalProcess without = MediaTools.publish(TestClips.avcAac(), server.rtmp("live/without"))) {
                    assertThat(without.awaitExit(SOON)).isNotZero();
                    assertThat(without.errors()).contains("No credentials set");
                }
            }
            Secrets.assertUnlogged(server);
            assertThat(server.log()).doesNotContainPattern("event=publish .*stream=live/wrong");
        }
    }

    @Test
    void aRelayShowsTheUserOfItsUrl() {
        try (XiuProcess far = XiuProcess.start(GUARDED.formatted("hush-push", "simple"));
                XiuProcess near = XiuProcess.start(NEAR.formatted(far.port("rtmp")));
                ExternalProcess publisher = MediaTools.publishForEver(TestClips.avcAac(), near.rtmp("live/test"))) {
            far.awaitLog("event=publish .*stream=live-own/test", SOON);
            near.awaitLog("event=relay_waiting direction=PUSH .*-wrong/.*error=.*BadAuth", SOON);
            near.awaitLog("event=relay_waiting direction=PUSH .*-without/.*error=.the far side asks for a user", SOON);
            assertThat(publisher.isAlive()).isTrue();
            Secrets.assertUnlogged(near, far);
        }
    }
}
