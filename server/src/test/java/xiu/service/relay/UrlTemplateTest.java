package xiu.service.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTemplateTest {
    @ParameterizedTest
    @CsvSource({
        "rtmp://h/{app}/{stream}, rtmp://h/live/test",
        "rtmps://h:443/x/{stream}?token=abc, rtmps://h:443/x/test?token=abc",
        "rtmp://h/{app}/{stream}?{query}, rtmp://h/live/test?a=1&b=%202",
        "rtmp://h/{app}/{stream}?k=v&{query}, rtmp://h/live/test?k=v&a=1&b=%202",
        "rtmp://h/fixed/name, rtmp://h/fixed/name",
        "rtmp://media_server:1/{app}/{stream}, rtmp://media_server:1/live/test",
        "rtmp://bücher.example/{app}/{stream}, rtmp://bücher.example/live/test",
        "rtmp://h/live-bvc/?streamname={stream}&key=y, rtmp://h/live-bvc/?streamname=test&key=y",
    })
    void resolves(String template, String url) {
        assertThat(UrlTemplate.parse(template).resolve("live", "test", "a=1&b=%202"))
                .hasToString(url);
    }

    @Test
    void escapesWhatAUrlCannotHold() {
        UrlTemplate template = UrlTemplate.rtmp("h", 1935);
        assertThat(template.resolve("live/room", "ü b?c#d", "").toString())
                .isEqualTo("rtmp://h:1935/live/room/%c3%bc%20b%3fc%23d");
    }

    @Test
    void dropsTheQuestionMarkOfAnEmptyQuery() {
        assertThat(UrlTemplate.parse("rtmp://h/{app}/{stream}?{query}").resolve("a", "s", ""))
                .hasToString("rtmp://h/a/s");
    }

    @Test
    void putsIpv6IntoBrackets() {
        assertThat(UrlTemplate.rtmp("::1", 1936).resolve("a", "s", "")).hasToString("rtmp://[::1]:1936/a/s");
        assertThat(UrlTemplate.rtmp("[::1]", 1936).text()).startsWith("rtmp://[::1]:1936/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h",
                "rtmp:",
                "rtmp://",
                "rtmp:///a",
                "rtmp://h:99999/a",
                "rtmp://h/{name}",
                "rtmp://h/{app",
                "rtmp://h/a b",
                "//h/a/b",
                "rtmp://h",
                "rtmp://h/",
                "rtmp://h/live",
                "rtmp://h/live/",
                "rtmp://h/live/?",
                "rtmp://h/live?key=y",
                "rtmp://h/live/key#part",
                "rtmp://h,i/live/key",
                "rtmp://user@h/live/key",
            })
    void refusesWhatIsNoTemplate(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UrlTemplate.parse(text))
                .withMessageContaining("(expected: ");
    }

    @Test
    void theSameServerIsKnownByHostAndPort() {
        UrlTemplate one = UrlTemplate.parse("rtmp://u:p@Media_Server/live/a");
        assertThat(one.sameServer(UrlTemplate.rtmp("media_server", 1935))).isTrue();
        assertThat(one.sameServer(UrlTemplate.rtmp("media_server", 1936))).isFalse();
        assertThat(one.sameServer(UrlTemplate.parse("rtmps://media_server/live/a")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "h/x", "h?x", "user@h", "h:1", "", "-h"})
    void anAddressIsAHostAndNothingElse(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> UrlTemplate.rtmp(address, 1935));
    }

    @Test
    void neverShowsSecrets() {
        assertThat(UrlTemplate.parse("rtmp://user:secret@h/{app}/{stream}?token=secret"))
                .hasToString("rtmp://…@h/{app}/{stream}?…");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UrlTemplate.parse("rtmp://user:secret@h/a b?token=secret"))
                .withMessageNotContaining("secret")
                .withNoCause();
    }
}
