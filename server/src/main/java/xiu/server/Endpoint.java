package xiu.server;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A protocol that listens.
 *
 * @param protocol the name of its table
 * @param address where it listens, with the real port
 * @param tls whether connections begin with TLS
 */
record Endpoint(String protocol, InetSocketAddress address, boolean tls) {
    /** {@code 127.0.0.1:1935}, {@code [::1]:1935}, or {@code *:1935} for every address. */
    String where() {
        InetAddress ip = address.getAddress();
        return ip == null || ip.isAnyLocalAddress() ? "*:" + address.getPort() : NetUtil.toSocketAddressString(address);
    }

    /** A host and port by which clients on this machine can reach it. */
    String reachable() {
        InetAddress ip = address.getAddress();
        return ip == null || ip.isAnyLocalAddress() || ip.isLoopbackAddress() && ip.getAddress().length == 4
                ? "localhost:" + address.getPort()
                : NetUtil.toSocketAddressString(address);
    }
}
