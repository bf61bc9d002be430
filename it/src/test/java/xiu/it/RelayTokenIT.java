package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Relays to a server that wants tokens: from the relay's URL or from whoever publishes or plays, and never in a log. */
class RelayTokenIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    private static final String GUARDED = """
            [authsecret]
            password = "hush-play"
            push_password = "hush-push"
            [rtmp.auth]
            pull_enabled = true
            push_enabled = true
            [log]
            level = "trace"
            """;
    private static final String NEAR = """
            [rtmp]
            [[rtmp.push]]
            url = "rtmp://127.0.0.1:%1$d/{app}-own/{stream}?token=hush-push"
            [[rtmp.push]]
            url = "rtmp://127.0.0.1:%1$d/{app}-passed/{stream}?{query}"
            [[rtmp.push]]
            url = "rtmp://127.0.0.1:%1$d/{app}-wrong/{stream}?token=hush-wrong"
            [log]
            level = "trace"
            """;
    /** Another node than the one that pushes: what has been there is not pulled back. */
    private static final String PULLING = """
            [rtmp]
            [[rtmp.pull]]
            url = "rtmp://127.0.0.1:%1$d/live-own/{stream}?token=hush-play"
            match = "own/*"
            [[rtmp.pull]]
            url = "rtmp://127.0.0.1:%1$d/live-passed/{stream}?{query}"
            match = "passed/*"
            [[rtmp.pull]]
            url = "rtmp://127.0.0.1:%1$d/live-own/{stream}?token=hush-wrong"
            match = "wrong/*"
            [log]
            level = "trace"
            """;

    @Test
    void tokensReachTheFarSideAndNoLog() throws Exception {
        PacketDump source = PacketDump.normalised(TestClips.avcAac());
        try (XiuProcess far = XiuProcess.start(GUARDED);
                XiuProcess near = XiuProcess.start(NEAR.formatted(far.port("rtmp")));
                XiuProcess pulling = XiuProcess.start(PULLING.formatted(far.port("rtmp")));
                HttpClient http = HttpClient.newHttpClient();
                ExternalProcess publisher =
                        MediaTools.publish(TestClips.avcAac(), near.rtmp("live/test?token=hush-push"))) {
            far.awaitLog("event=publish .*stream=live-own/test", SOON);
            far.awaitLog("event=publish .*stream=live-passed/test", SOON);
            List<RelayRecorder> recorders = List.of(
                    RelayRecorder.rtmp(pulling, "own/test"),
                    RelayRecorder.rtmpUrl(pulling.rtmp("passed/test?token=hush-play")));
            near.awaitLog(
                    "event=relay_waiting direction=PUSH stream=live/test remote=\\S+-wrong/\\S+ .*error=.*BadAuth",
                    SOON);
            HttpRequest wrong = HttpRequest.newBuilder(URI.create(pulling.httpFlv("wrong/test")))
                    .build();
            assertThat(http.send(wrong, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(404);
            try {
                recorders.forEach(recorder -> recorder.assertEndsWithAllOf(source, 25));
            } finally {
                recorders.forEach(RelayRecorder::close);
            }
            assertThat(publisher.awaitExit(SOON)).isZero();
            Secrets.assertUnlogged(far, near, pulling);
        }
    }
}
