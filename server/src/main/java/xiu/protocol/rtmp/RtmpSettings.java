package xiu.protocol.rtmp;

import java.net.InetSocketAddress;
import xiu.transport.BindAddress;

/**
 * The {@code [rtmp]} table without its relays.
 *
 * @param enabled whether RTMP listens
 * @param port TCP port; 0: any free port
 * @param address local address to bind
 * @param gopNum groups of pictures that a new player of any protocol starts with; 0: it waits for a key frame
 * @param chunkSize outgoing chunk size, in bytes; one for the whole server, because chunks are shared by players
 * @param limits the keys of {@code [limits]} that begin with {@code rtmp_}
 */
public record RtmpSettings(
        boolean enabled, int port, BindAddress address, int gopNum, int chunkSize, RtmpLimits limits) {

    private static final RtmpSettings DEFAULTS =
            new RtmpSettings(true, 1935, BindAddress.ANY, 1, 60_000, RtmpLimits.defaults());

    public RtmpSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (gopNum < 0 || gopNum > 64) {
            throw new IllegalArgumentException("gop_num: " + gopNum + " (expected: 0 to 64)");
        }
        // Old players dislike more than 65,536.
        if (chunkSize < 128 || chunkSize > 65_536) {
            throw new IllegalArgumentException("chunk_size: " + chunkSize + " (expected: 128 to 65536)");
        }
    }

    /** What is used for keys that the configuration does not name. */
    public static RtmpSettings defaults() {
        return DEFAULTS;
    }

    /** These settings, listening or not. */
    public RtmpSettings enabled(boolean listens) {
        return new RtmpSettings(listens, port, address, gopNum, chunkSize, limits);
    }

    /** These settings on another address and port. */
    public RtmpSettings at(BindAddress newAddress, int newPort) {
        return new RtmpSettings(enabled, newPort, newAddress, gopNum, chunkSize, limits);
    }

    /** These settings with other limits. */
    public RtmpSettings with(RtmpLimits newLimits) {
        return new RtmpSettings(enabled, port, address, gopNum, chunkSize, newLimits);
    }

    /** Where to listen. */
    public InetSocketAddress listen() {
        return address.withPort(port);
    }
}
