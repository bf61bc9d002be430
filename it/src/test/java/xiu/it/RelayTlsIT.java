package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Relays over rtmps: every byte through a certificate that is trusted and names the host, nothing through any other. */
class RelayTlsIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    private static XiuProcess origin;
    private static TlsFront front;

    @BeforeAll
    static void start() {
        origin = XiuProcess.start();
        front = TlsFront.before(origin);
    }

    @AfterAll
    static void stop() {
        front.close();
        origin.close();
    }

    @Test
    void aTrustedCertificateCarriesEveryByteBothWaysButNotToAnotherHost() {
        PacketDump source = PacketDump.normalised(TestClips.avcAac());
        try (XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        relay_ca_file = "%2$s"
                        [[rtmp.push]]
                        url = "rtmps://127.0.0.1:%1$d/{app}/{stream}"
                        match = "near/*"
                        [[rtmp.push]]
                        url = "rtmps://localhost:%1$d/{app}/{stream}"
                        match = "near/*"
                        [[rtmp.pull]]
                        url = "rtmps://127.0.0.1:%1$d/{app}/{stream}"
                        match = "far/*"
                        """.formatted(front.port(), front.certificate()));
                ExternalProcess far = MediaTools.publish(TestClips.avcAac(), origin.rtmp("far/test"));
                ExternalProcess near = MediaTools.publish(TestClips.avcAac(), edge.rtmp("near/test"))) {
            origin.awaitLog("event=publish .*stream=far/test", SOON);
            origin.awaitLog("event=publish .*stream=near/test", SOON);
            List<RelayRecorder> recorders =
                    List.of(RelayRecorder.rtmp(edge, "far/test"), RelayRecorder.rtmp(origin, "near/test"));
            try {
                recorders.forEach(recorder -> recorder.assertEndsWithAllOf(source, 25));
            } finally {
                recorders.forEach(RelayRecorder::close);
            }
            edge.awaitLog(
                    "event=relay_waiting direction=PUSH .*remote=rtmps://localhost:.*error=\"TLS: .*localhost", SOON);
            assertThat(far.awaitExit(SOON) + near.awaitExit(SOON)).isZero();
        }
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
        try (XiuProcess edge = XiuProcess.start("""
                        [rtmp]
                        [rtmp.pull]
                        url = "rtmps://127.0.0.1:%d/{app}/{stream}"
                        wait = 2
                        """.formatted(front.port()));
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(edge.httpFlv("live/test")))
                    .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(404);
            edge.awaitLog("event=relay_upstream_unhealthy remote=rtmps://127.0.0.1:.*error=\"TLS: .*certif", SOON);
            assertThat(origin.log()).doesNotContain("stream=live/test");
        }
    }
}
