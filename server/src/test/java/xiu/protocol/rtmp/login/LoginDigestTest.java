package xiu.protocol.rtmp.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The expected values are those of another implementation. */
class LoginDigestTest {
    @Test
    void adobe() {
        assertThat(LoginDigest.adobe("user", "salt", "pass", "opaque", "0a1b2c3d"))
                .isEqualTo("brTap/co6pL7XeTcwvk9mQ==");
    }

    @Test
    void llnw() {
        assertThat(LoginDigest.llnw("user", "pass", "live", "nonce", "0a1b2c3d"))
                .isEqualTo("c6649ea98709e1b2eea316fdb2c32758");
        assertThat(LoginDigest.llnw("user", "pass", "live/a", "nonce", "0a1b2c3d"))
                .isEqualTo("d2c3b7aad40592178db10c691dbcfa0d");
    }

    @Test
    void usersAreEscaped() {
        assertThat(LoginDigest.escaped("a b&c=d+é")).isEqualTo("a%20b%26c%3Dd%2B%C3%A9");
    }
}
