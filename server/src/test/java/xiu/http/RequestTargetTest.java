package xiu.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource({
        "/live/test.flv, live|test.flv",
        "/live/room1/test.flv, live|room1|test.flv",
        "/, ''",
        "/live/, live|''",
        "/live/t%65st.flv, live|test.flv",
        "/live/%E6%B5%8B%e8%af%95.flv, live|测试.flv",
        "/live/a+b.flv, live|a+b.flv",
        "/live/%F0%9F%8E%A5.flv, live|🎥.flv",
        "/a%2Bb%25/x, a+b%|x",
        "http://host:8081/live/test.flv, live|test.flv",
        "HTTP://host, ''",
        "https://host/a/b, a|b",
        "/...flv, ...flv",
        "/.hidden/x, .hidden|x",
    })
    void pathsAreDecodedLevelByLevel(String target, String levels) {
        RequestTarget parsed = RequestTarget.parse(target);
        assertThat(parsed).isNotNull();
        assertThat(String.join("|", parsed.segments())).isEqualTo(levels.replace("''", ""));
    }

    @Test
    void rawBytesOfUtf8AreTakenAsSuch() {
        RequestTarget parsed = RequestTarget.parse("/live/\u00e6\u00b5\u008b.flv");
        assertThat(parsed).isNotNull();
        assertThat(parsed.segments()).containsExactly("live", "测.flv");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../etc/passwd",
                "/live/../../x.flv",
                "/live/%2e%2e/x.flv",
                "/live/%2E./x.flv",
                "/live/.%2e",
                "/live/..",
                "/./x",
                "/live/%2e",
                "//live/x.flv",
                "/live//x.flv",
                "/live/%2Fx.flv",
                "/live/%2f..%2fx.flv",
                "/live/..%5cx.flv",
                "/live\\x.flv",
                "/live/%00.flv",
                "/live/x%00.flv",
                "/live/x%0a.flv",
                "/live/x%7f.flv",
                "/live/x%",
                "/live/x%4",
                "/live/x%4/y",
                "/live/%zz.flv",
                "/live/%4z",
                "/live/%z4",
                "/live/%+4",
                "/live/%-1",
                "/live/%c0%ae%c0%ae/x",
                "/live/%ff.flv",
                "/live/%e6%b5.flv",
                "/live/%ed%a0%80.flv",
                "/live/\u00ff.flv",
                "/live/x.flv#top",
                "live/x.flv",
                "host:443",
                "",
                "?x",
                "ftp://host/x",
                "/live/\u0663.flv\u6d4b",
            })
    void whatCouldMeanSomethingElseIsRefused(String target) {
        assertThat(RequestTarget.parse(target)).isNull();
    }

    @Test
    void theQueryIsKeptAsItCameAndNeverPartOfThePath() {
        RequestTarget parsed = RequestTarget.parse("/live/x.flv?token=a%2Fb&x=/../y?z");
        assertThat(parsed).isNotNull();
        assertThat(parsed.segments()).containsExactly("live", "x.flv");
        assertThat(parsed.query()).isEqualTo("token=a%2Fb&x=/../y?z");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "token=a%2Fb+c, token, a/b c",
                "a=1&token=2&token=3, token, 2",
                "token, token, ''",
                "token=, token, ''",
                "token==x, token, =x",
                "&&token=1, token, 1",
                "xtoken=1, token, null",
                "token2=1, token, null",
                "token=%zz, token, null",
                "x=token=1, token, null",
            })
    void queryParametersAreFoundByTheirWholeName(String query, String name, String value) {
        assertThat(RequestTarget.queryParameter(query, name)).isEqualTo(value);
    }

    /** Whatever comes: it is refused, or every level is a harmless file name. */
    @Test
    void noRubbishEverNamesAnotherDirectory() {
        Random random = new Random(7);
        String alphabet = "/.%2eEfF05cC\\?a\u00e6\u0000+:";
        for (int i = 0; i < 300_000; i++) {
            StringBuilder target = new StringBuilder("/");
            for (int length = random.nextInt(24); length > 0; length--) {
                target.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            RequestTarget parsed = RequestTarget.parse(target.toString());
            if (parsed == null) {
                continue;
            }
            assertThat(parsed.segments())
                    .as(target.toString())
                    .isNotEmpty()
                    .noneMatch(level -> level.equals("..")
                            || level.equals(".")
                            || level.indexOf('/') >= 0
                            || level.indexOf('\\') >= 0
                            || level.indexOf('\0') >= 0);
            assertThat(parsed.segments().subList(0, parsed.segments().size() - 1))
                    .doesNotContain("");
        }
    }
}
