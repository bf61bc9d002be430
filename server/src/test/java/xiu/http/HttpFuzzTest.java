package xiu.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.check.Quiet;
import xiu.http.field.AcceptEncoding;
import xiu.http.field.ByteRange;
import xiu.http.http1.EmbeddedClient;

/** Whatever a client sends is answered in HTTP or not at all, however it is cut into reads. */
@Tag("fuzz")
class HttpFuzzTest {
    private static final Quiet QUIET = Quiet.at("xiu.http");
    private static final HttpReply FILE = HttpReply.status(HttpResponseStatus.OK)
            .type("video/mp2t")
            .etag("7")
            .ranges()
            .text("0123456789");
    private static final Pattern REPLIES = Pattern.compile("(?s)(HTTP/1\\.1 [1-5]\\d\\d [A-Z].*)?");

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "requests", this::requests);
        Damage.inflict(getClass(), "targets", this::targets);
        Damage.inflict(getClass(), "fields", this::fields);
        Damage.inflict(getClass(), "frames", this::frames);
    }

    private static EmbeddedClient client() {
        return new EmbeddedClient(
                HttpRoute.get("/{app...}/{name}.ts", exchange -> exchange.answer(FILE)),
                HttpRoute.get("/{app...}/{name}.flv", exchange -> {
                    if (!exchange.wantsWebSocket()) {
                        exchange.answer(HttpReplies.MISSING);
                    } else {
                        HttpStream socket = exchange.upgrade(cause -> {});
                        if (socket != null) {
                            socket.channel().flush();
                        }
                    }
                }));
    }

    /** The first byte says how long the pieces are. */
    @FuzzTest(maxDuration = "60s")
    void requests(byte[] bytes) {
        if (bytes.length > 1) {
            byte[] stream = Arrays.copyOfRange(bytes, 1, bytes.length);
            String whole = replies(stream, stream.length);
            assertThat(whole).matches(REPLIES);
            assertThat(replies(stream, 1 + (bytes[0] & 0xFF))).isEqualTo(whole);
        }
    }

    private static String replies(byte[] bytes, int piece) {
        StringBuilder replies = new StringBuilder();
        try (EmbeddedClient client = client()) {
            for (int at = 0; at < bytes.length; at += piece) {
                replies.append(client.send(new String(bytes, at, Math.min(piece, bytes.length - at), ISO_8859_1)));
            }
            replies.append(client.isOpen() ? "" : " closed");
        }
        QUIET.check();
        return replies.toString();
    }

    /** A path that is taken names what is below, on every file system. */
    @FuzzTest(maxDuration = "60s")
    void targets(byte[] bytes) {
        RequestTarget target = RequestTarget.parse(new String(bytes, ISO_8859_1));
        if (target == null) {
            return;
        }
        RequestTarget.queryParameter(target.query(), "token");
        assertThat(target.segments())
                .isNotEmpty()
                .allSatisfy(level -> assertThat(level).isNotIn(".", "..").doesNotContain("/", "\\", "\0", "\r", "\n"));
        PathPattern pattern = PathPattern.of("/{app...}/{name}.flv");
        if (pattern.matches(target.segments())) {
            String path = pattern.variable("app", target.segments()) + "/" + pattern.variable("name", target.segments())
                    + ".flv";
            assertThat(path).isEqualTo(String.join("/", target.segments()));
        }
    }

    /** Range and Accept-Encoding; the first byte is the length of the body. */
    @FuzzTest(maxDuration = "60s")
    void fields(byte[] bytes) {
        int size = bytes.length == 0 ? 0 : bytes[0] & 0xFF;
        String field = new String(bytes, Math.min(1, bytes.length), Math.max(0, bytes.length - 1), ISO_8859_1);
        AcceptEncoding.acceptsGzip(field);
        ByteRange range = ByteRange.parse(field, size);
        if (range != null) {
            assertThat(range.first()).isBetween(0, size);
            assertThat(range.length()).isBetween(0, size - range.first());
        }
    }

    /** Frames on an open WebSocket; the first byte says how long the pieces are. */
    @FuzzTest(maxDuration = "60s")
    void frames(byte[] bytes) {
        if (bytes.length > 1) {
            byte[] stream = Arrays.copyOfRange(bytes, 1, bytes.length);
            assertThat(pongs(stream, 1 + (bytes[0] & 0xFF))).isEqualTo(pongs(stream, stream.length));
        }
    }

    private static String pongs(byte[] bytes, int piece) {
        StringBuilder answers = new StringBuilder();
        try (EmbeddedClient client = client()) {
            client.get(
                    "/live/cam.flv",
                    "Upgrade: websocket\r\n",
                    "Connection: Upgrade\r\n",
                    "Sec-WebSocket-Version: 13\r\n",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
            for (int at = 0; at < bytes.length && client.isOpen(); at += piece) {
                client.channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(piece, bytes.length - at)));
                answers.append(client.received());
            }
            assertThat((Object) client.channel.readInbound()).isNull();
            answers.append(client.isOpen() ? "" : " closed");
        }
        QUIET.check();
        assertThat(answers.length()).isLessThan(2 * bytes.length + 200);
        return answers.toString();
    }
}
