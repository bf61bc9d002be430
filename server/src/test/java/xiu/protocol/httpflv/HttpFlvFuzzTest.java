package xiu.protocol.httpflv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.check.Quiet;
import xiu.http.HttpSettings;
import xiu.http.http1.EmbeddedClient;
import xiu.stream.AccessPolicy;
import xiu.stream.StreamHub;
import xiu.stream.settings.StreamSettings;

/** Any name and any fields: only who shows the token plays, by HTTP-FLV or by WebSocket, and nobody stays. */
@Tag("fuzz")
class HttpFlvFuzzTest {
    private static final Quiet QUIET = Quiet.at("xiu");
    private static final String TOKEN = "right";
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final StreamHub HUB = new StreamHub(
            StreamSettings.defaults(),
            request -> CompletableFuture.completedFuture(
                    request.credentials().bearer().equals(TOKEN)
                            ? AccessPolicy.Access.PROVEN
                            : AccessPolicy.Access.DENIED),
            TIMER);
    private static final Camera CAMERA = new Camera(HUB);

    static {
        CAMERA.keyFrame(0, 9);
    }

    @AfterAll
    static void stop() {
        HUB.stop();
        TIMER.shutdownNow();
    }

    @Test
    void damagedInputsDoNoHarm() {
        assertThat(reply("/live/test.flv", "Bearer right", ""))
                .startsWith("HTTP/1.1 200")
                .contains("FLV");
        Damage.inflict(getClass(), "requests", this::requests);
    }

    /** Target, Authorization, and further fields, each on a line. */
    @FuzzTest(maxDuration = "60s")
    void requests(byte[] bytes) {
        String[] lines = (new String(bytes, ISO_8859_1) + "\n\n").split("\n", 3);
        String fields = lines[2].replace("\r", "").replaceAll("\n+", "\r\n").strip();
        String authorization = lines[1].replaceAll("\\p{Cntrl}", "");
        String reply = reply(lines[0].replaceAll("[\\s\\p{Cntrl}]", ""), authorization, fields);
        // Nothing, where a body was announced and did not come.
        assertThat(reply).matches("(?s)(HTTP/1\\.1 (100|101|200|400|401|403|404|405|413|414|417|426|431|501|505) .*)?");
        boolean plays = reply.contains("HTTP/1.1 101") || reply.contains("HTTP/1.1 200");
        boolean shows = (authorization + "\r\n" + fields).contains(TOKEN);
        assertThat(plays && !shows).as(reply).isFalse();
        QUIET.check();
    }

    private static String reply(String target, String authorization, String fields) {
        String request = "GET " + target + " HTTP/1.1\r\nHost: a\r\nAuthorization: " + authorization + "\r\n" + fields
                + (fields.isEmpty() ? "" : "\r\n") + "\r\n";
        try (EmbeddedClient client = new EmbeddedClient(HttpSettings.defaults(), List.of(HttpFlvRoute.of(HUB)))) {
            return client.send(request);
        } finally {
            assertThat(CAMERA.stream().viewerCount()).isZero();
        }
    }
}
