package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindAddressTest {
    @Test
    void readsIpv4Ipv6AndAny() {
        assertThat(BindAddress.parse("127.0.0.1").withPort(7)).isEqualTo(new InetSocketAddress("127.0.0.1", 7));
        assertThat(BindAddress.parse("::1").withPort(7)).isEqualTo(new InetSocketAddress("::1", 7));
        assertThat(BindAddress.parse("[::1]")).isEqualTo(BindAddress.parse("::1"));
        assertThat(BindAddress.parse("*").withPort(7)).isEqualTo(new InetSocketAddress(7));
        assertThat(BindAddress.parse("localhost").withPort(0).getAddress().isLoopbackAddress())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "300.1.2.3", "a b", "1:2:3", "no-such-host.invalid"})
    void refusesWhatIsNoAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BindAddress.parse(text))
                .withMessageContaining("(expected: an IPv4 or IPv6 address");
    }

    @ParameterizedTest
    @CsvSource({
        "*, 127.0.0.1, true",
        "0.0.0.0, 127.0.0.1, true",
        "::, ::1, true",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "::1, 127.0.0.1, false"
    })
    void knowsWhetherTwoAreInEachOthersWay(String a, String b, boolean overlap) {
        assertThat(BindAddress.parse(a).overlaps(BindAddress.parse(b))).isEqualTo(overlap);
        assertThat(BindAddress.parse(b).overlaps(BindAddress.parse(a))).isEqualTo(overlap);
    }
}
