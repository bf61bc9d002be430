package xiu.protocol.rtmp.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.protocol.rtmp.login.Login;

class RtmpUrlTest {
    private static RtmpUrl url(String text) {
        return RtmpUrl.of(URI.create(text));
    }

    @ParameterizedTest
    @CsvSource({
        "rtmp://h/live/cam?token=t, rtmp://h:1935/live, live, cam?token=t",
        "rtmps://media_server/a/b/cam, rtmps://media_server:443/a/b, a/b, cam",
        "rtmp://h/live-bvc/?streamname=x&key=y, rtmp://h:1935/live-bvc, live-bvc, ?streamname=x&key=y",
        "rtmp://u:p@[::1]:1936/live/cam, rtmp://[::1]:1936/live, live, cam",
    })
    void isCutAsEncodersCutIt(String text, String tcUrl, String app, String name) {
        RtmpUrl url = url(text);
        assertThat(url.tcUrl()).isEqualTo(tcUrl);
        assertThat(url.app()).isEqualTo(app);
        assertThat(url.name()).isEqualTo(name);
    }

    @Test
    void aUserAndItsPasswordAreKeptAndNeverShown() {
        RtmpUrl url = url("rtmp://u%40x:p%3Aa:ss+@h/live/cam?token=secret");
        assertThat(url.login()).isEqualTo(new Login("u@x", "p:a:ss+"));
        assertThat(url.toString() + url.login()).doesNotContain("secret", "p:a", "u@x", "token");
        assertThat(url("rtmp://h/live/cam").login()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "rtmp://h:1936/edge, rtmp://h:1936/edge, cam?token=t, true",
        "rtmps://H/edge, rtmps://H:443/edge, cam?token=t, true",
        "rtmp://other/edge, rtmp://other:1935/edge, cam, false",
        "rtmp://x:y@other/edge, rtmp://other:1935/edge, cam, false",
    })
    void noOtherHostIsShownWhatWasMeantForThisOne(String to, String tcUrl, String name, boolean login) {
        RtmpUrl next = url("rtmp://u:p@h/live/cam?token=t").redirected(to);
        assertThat(next.tcUrl()).isEqualTo(tcUrl);
        assertThat(next.name()).isEqualTo(name);
        assertThat(next.login() != null).isEqualTo(login);
    }

    @ParameterizedTest
    @CsvSource({
        "rtmps://h/live/cam, rtmp://h/live, redirected from rtmps to rtmp (expected: rtmps)",
        "rtmp://h/live/?key=secret, rtmp://other/live, 'redirected to another host, for which the key is not meant'",
        "rtmp://h/live/cam, http://h/live, redirected to what is no RTMP URL",
        "rtmp://h/live/cam, rtmp://a secret, redirected to what is no RTMP URL",
    })
    void somePlacesAreNotGoneTo(String from, String to, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> url(from).redirected(to))
                .withMessage(why);
    }

    @Test
    void whatAFarSideRepeatsIsHidden() {
        RtmpUrl url = url("rtmp://u:pass@h/live/cam?token=secret");
        assertThat(url.withoutSecrets("no cam?token=secret for u:pass (token=secret)"))
                .isEqualTo("no cam?… for u:… (…)");
        assertThat(url("rtmp://h/live/cam").withoutSecrets("no cam")).isEqualTo("no cam");
    }
}
