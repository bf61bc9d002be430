package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import xiu.settings.Live;

/** What needs addresses that a test machine does not have; the rest is in {@link TcpListenerTest}. */
class ConnectionGateTest {
    private final ConnectionGate gate = gate(10, 2, 10, 10);

    private static ConnectionGate gate(int all, int perAddress, int handshakes, int handshakesPerAddress) {
        return new ConnectionGate(
                new ConnectionLimits(all, perAddress, handshakes, handshakesPerAddress, Duration.ofSeconds(10)));
    }

    private static EmbeddedChannel from(String address) throws UnknownHostException {
        return from(InetAddress.getByName(address));
    }

    private static EmbeddedChannel from(InetAddress address) {
        InetSocketAddress remote = new InetSocketAddress(address, 4711);
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return remote;
            }
        };
    }

    private static EmbeddedChannel admitted(ConnectionGate gate, String address) throws UnknownHostException {
        EmbeddedChannel channel = from(address);
        assertThat(gate.admit(channel).limit()).isNull();
        return channel;
    }

    /** Lets one in that takes the place of another. */
    private static EmbeddedChannel displacing(ConnectionGate gate, String address, String limit, EmbeddedChannel other)
            throws UnknownHostException {
        EmbeddedChannel channel = from(address);
        ConnectionGate.Admission admission = gate.admit(channel);
        assertThat(admission.isRefused()).isFalse();
        assertThat(admission.limit()).isEqualTo(limit);
        assertThat(admission.displaced()).isSameAs(other);
        other.close();
        return channel;
    }

    /** The second half of an IPv6 address is its owner's to choose. */
    @Test
    void anIpv6NetworkIsOneAddress() throws Exception {
        admitted(gate, "2001:db8:0:1::1");
        EmbeddedChannel second = admitted(gate, "2001:db8:0:1:ffff::2");
        assertThat(gate.admit(from("2001:db8:0:1::3")).limit()).isEqualTo("connections_per_address");
        admitted(gate, "2001:db8:0:2::3");
        assertThat(gate.addresses()).isEqualTo(2);
        second.close();
        admitted(gate, "2001:db8:0:1::3");
    }

    @Test
    void ipv4AddressesAreEachTheirOwn() throws Exception {
        for (int host = 1; host <= 3; host++) {
            admitted(gate, "192.0.2." + host);
        }
        assertThat(gate.addresses()).isEqualTo(3);
    }

    /** A socket for both kinds may give an IPv4 address as an IPv6 one: all of those have the same first half. */
    @Test
    void ipv4AddressesWithinIpv6AreEachTheirOwnToo() throws Exception {
        for (int host = 1; host <= 3; host++) {
            byte[] mapped = new byte[16];
            mapped[10] = mapped[11] = -1;
            mapped[12] = (byte) 192;
            mapped[15] = (byte) host;
            assertThat(gate.admit(from(Inet6Address.getByAddress(null, mapped, -1)))
                            .limit())
                    .isNull();
        }
        assertThat(gate.addresses()).isEqualTo(3);
    }

    @Test
    void whoHasTheMostHandshakesMakesRoomForOthers() throws Exception {
        ConnectionGate gate = gate(100, 100, 4, 4);
        List<EmbeddedChannel> flood = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            flood.add(admitted(gate, "192.0.2.1"));
        }
        displacing(gate, "192.0.2.2", "handshakes", flood.get(0));
        displacing(gate, "192.0.2.3", "handshakes", flood.get(1));
        // The address that floods takes its own places.
        displacing(gate, "192.0.2.1", "handshakes", flood.get(2));
        assertThat(gate.handshakes()).isEqualTo(4);
        assertThat(gate.connections()).isEqualTo(4);
        assertThat(gate.displaced()).isEqualTo(3);
        assertThat(gate.refused()).isZero();
    }

    @Test
    void oneAddressHasAShareOfTheHandshakesWhileThereIsRoom() throws Exception {
        ConnectionGate gate = gate(100, 100, 10, 2);
        EmbeddedChannel oldest = admitted(gate, "2001:db8:0:1::1");
        EmbeddedChannel second = admitted(gate, "2001:db8:0:1::2");
        displacing(gate, "2001:db8:0:1::3", "handshakes_per_address", oldest);
        gate.established(second);
        admitted(gate, "2001:db8:0:1::4");
        admitted(gate, "192.0.2.1");
        assertThat(gate.handshakes()).isEqualTo(3);
    }

    @Test
    void whoHasFinishedIsNeverDisplaced() throws Exception {
        ConnectionGate gate = gate(100, 100, 1, 1);
        EmbeddedChannel finished = admitted(gate, "192.0.2.1");
        gate.established(finished);
        EmbeddedChannel slow = admitted(gate, "192.0.2.1");
        displacing(gate, "192.0.2.2", "handshakes", slow);
        assertThat(finished.isOpen()).isTrue();
        assertThat(gate.connections()).isEqualTo(2);
        gate.established(slow);
        assertThat(gate.handshakes()).isEqualTo(1);
    }

    @Test
    void whoHasAsManyConnectionsAsItMayDisplacesNobody() throws Exception {
        ConnectionGate gate = gate(100, 1, 2, 2);
        admitted(gate, "192.0.2.1");
        EmbeddedChannel other = admitted(gate, "192.0.2.2");
        assertThat(gate.admit(from("192.0.2.1")).isRefused()).isTrue();
        assertThat(other.isOpen()).isTrue();
        assertThat(gate.refused()).isEqualTo(1);
    }

    @Test
    void replacedLimitsCountForWhoComesNextAndCloseNobody() throws Exception {
        Live<ConnectionLimits> limits = Live.of(limits(10, 2));
        ConnectionGate live = new ConnectionGate(limits);
        EmbeddedChannel first = admitted(live, "192.0.2.1");
        EmbeddedChannel second = admitted(live, "192.0.2.1");
        limits.set(limits(10, 1));
        assertThat(live.admit(from("192.0.2.1")).limit()).isEqualTo("connections_per_address");
        assertThat(first.isOpen() && second.isOpen()).isTrue();
        limits.set(limits(10, 3));
        admitted(live, "192.0.2.1");
        limits.set(limits(3, 9));
        assertThat(live.admit(from("192.0.2.2")).limit()).isEqualTo("connections");
    }

    private static ConnectionLimits limits(int all, int perAddress) {
        return new ConnectionLimits(all, perAddress, 10, 10, Duration.ofSeconds(10));
    }
}
