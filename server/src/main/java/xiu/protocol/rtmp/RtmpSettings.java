package xiu.protocol.rtmp;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import xiu.protocol.rtmp.login.LoginSettings;
import xiu.transport.BindAddress;

/**
 * The {@code [rtmp]} table without its relays.
 *
 * @param enabled whether RTMP listens
 * @param port TCP port; 0: any free port
 * @param address local address to bind
 * @param gopNum groups of pictures that a new player of any protocol starts with; 0: it waits for a key frame
 * @param relayCaFile certificate authorities that {@code rtmps} relays trust besides the platform's, in PEM form
 * @param limits the keys of {@code [limits]} that begin with {@code rtmp_}
 * @param login the key of {@code [rtmp.auth]} that is RTMP's own
 */
public record RtmpSettings(
        boolean enabled,
        int port,
        BindAddress address,
        int gopNum,
        Optional<Path> relayCaFile,
        RtmpLimits limits,
        LoginSettings login) {

    private static final RtmpSettings DEFAULTS = new RtmpSettings(
            true, 1935, BindAddress.ANY, 1, Optional.empty(), RtmpLimits.defaults(), LoginSettings.defaults());

    public RtmpSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (gopNum < 0 || gopNum > 64) {
            throw new IllegalArgumentException("gop_num: " + gopNum + " (expected: 0 to 64)");
        }
    }

    /** The values of keys that the configuration does not name. */
    public static RtmpSettings defaults() {
        return DEFAULTS;
    }

    /** These settings, listening or not. */
    public RtmpSettings enabled(boolean listens) {
        return new RtmpSettings(listens, port, address, gopNum, relayCaFile, limits, login);
    }

    /** These settings on another address and port. */
    public RtmpSettings at(BindAddress newAddress, int newPort) {
        return new RtmpSettings(enabled, newPort, newAddress, gopNum, relayCaFile, limits, login);
    }

    /** These settings with other limits. */
    public RtmpSettings with(RtmpLimits newLimits) {
        return new RtmpSettings(enabled, port, address, gopNum, relayCaFile, newLimits, login);
    }

    /** These settings with what another table says about logins. */
    public RtmpSettings with(LoginSettings newLogin) {
        return new RtmpSettings(enabled, port, address, gopNum, relayCaFile, limits, newLogin);
    }

    /** Where to listen. */
    public InetSocketAddress listen() {
        return address.withPort(port);
    }
}
