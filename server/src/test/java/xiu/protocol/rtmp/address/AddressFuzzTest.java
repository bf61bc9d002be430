package xiu.protocol.rtmp.address;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.protocol.rtmp.login.Login;
import xiu.protocol.rtmp.login.LoginAnswers;
import xiu.protocol.rtmp.login.LoginDialogue;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;

/** Names of streams in all the places where clients put them, and URLs to which servers redirect. */
@Tag("fuzz")
class AddressFuzzTest {
    private static final Path FOLDER = Path.of("/hls");

    private final LoginDialogue login = new LoginDialogue(System::nanoTime);

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "address", this::address);
        Damage.inflict(getClass(), "url", this::url);
    }

    /** App, tcUrl and name, each on a line. */
    @FuzzTest(maxDuration = "60s")
    void address(byte[] bytes) {
        String[] parts = (new String(bytes, UTF_8) + "\n\n").split("\n", 4);
        StreamAddress app = StreamAddress.ofApp(parts[0], parts[1]);
        StreamAddress stream = app.stream(parts[2]);
        assertThat(stream.path()).doesNotContain("?");
        if (login.onConnect(app.path(), app.query(), "") instanceof LoginDialogue.Decision.Refused refused) {
            assertThat(refused.description()).hasSizeLessThan(255).doesNotContain("\n", "\r");
            new LoginAnswers(new Login("u", "p"), app.path()).to(parts[2] + refused.description());
        }
        try {
            app.checkApp();
            StreamKey key = stream.key();
            assertThat(key).hasToString(stream.path());
            Path file = FOLDER.resolve(key.app()).resolve(key.name());
            assertThat(file.normalize()).isEqualTo(file).startsWithRaw(FOLDER);
            assertThat(file.getNameCount()).isGreaterThanOrEqualTo(3);
        } catch (StreamException refused) {
            assertThat(refused.reason()).isEqualTo(StreamException.Reason.BAD_NAME);
            assertThat(refused.getMessage()).hasSizeLessThan(120).doesNotContain("\n", "\r");
        }
    }

    @FuzzTest(maxDuration = "60s")
    void url(byte[] bytes) {
        RtmpUrl url;
        try {
            url = RtmpUrl.of(URI.create(new String(bytes, UTF_8)));
        } catch (IllegalArgumentException none) {
            return;
        }
        assertThat(url.host()).isNotEmpty();
        assertThat(url.port()).isBetween(0, 65_535);
        assertThat(url.app()).isNotEmpty();
        assertThat(url.toString()).doesNotContain("?");
    }
}
