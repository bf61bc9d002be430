package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What needs addresses that a test machine does not have; the rest is in {@link TcpListenerTest}. */
class ConnectionGateTest {
    private final ConnectionGate gate = new ConnectionGate(new ConnectionLimits(10, 2, 10, Duration.ofSeconds(10)));

    private static EmbeddedChannel from(String address) throws UnknownHostException {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getByName(address), 4711);
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return remote;
            }
        };
    }

    /** The second half of an IPv6 address is its owner's to choose. */
    @Test
    void anIpv6NetworkIsOneAddress() throws Exception {
        EmbeddedChannel first = from("2001:db8:0:1::1");
        EmbeddedChannel second = from("2001:db8:0:1:ffff::2");
        assertThat(gate.admit(first)).isNull();
        assertThat(gate.admit(second)).isNull();
        assertThat(gate.admit(from("2001:db8:0:1::3"))).isEqualTo("connections_per_address");
        assertThat(gate.admit(from("2001:db8:0:2::3"))).isNull();
        assertThat(gate.addresses()).isEqualTo(2);
        second.close();
        assertThat(gate.admit(from("2001:db8:0:1::3"))).isNull();
    }

    @Test
    void ipv4AddressesAreEachTheirOwn() throws Exception {
        for (int host = 1; host <= 3; host++) {
            assertThat(gate.admit(from("192.0.2." + host))).isNull();
        }
        assertThat(gate.addresses()).isEqualTo(3);
    }
}
