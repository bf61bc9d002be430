package xiu.service.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLEncoder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;

/** Any query has a token or none; one that was escaped comes back as it was. */
@Tag("fuzz")
class TokenFuzzTest {
    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "query", this::query);
    }

    @FuzzTest(maxDuration = "60s")
    void query(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        TokenQuery.token(text);
        String escaped = URLEncoder.encode(text, UTF_8).replace("+", "%20");
        assertThat(TokenQuery.token("a=b&token=" + escaped + "&c")).isEqualTo(text);
    }
}
