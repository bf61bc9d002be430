package xiu.protocol.hls;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import xiu.segment.SegmentSettings;
import xiu.segment.window.WindowSettings;
import xiu.transport.BindAddress;

/**
 * The {@code [hls]} table.
 *
 * @param enabled whether HLS is served
 * @param port TCP port; 0: any free port; may be the port of HTTP-FLV
 * @param address local address to bind
 * @param fragment target duration of a segment
 * @param liveTsCount segments in the live playlist
 * @param path folder to which segments and playlists are also written
 * @param needRecord whether all segments are kept in the folder, with a VOD playlist at the end of the stream
 * @param aofRatio a segment without video is cut after this many times {@code fragment}
 * @param limits the keys of {@code [limits]} that begin with {@code hls_}
 */
public record HlsSettings(
        boolean enabled,
        int port,
        BindAddress address,
        Duration fragment,
        int liveTsCount,
        Optional<Path> path,
        boolean needRecord,
        double aofRatio,
        HlsLimits limits) {

    private static final Path DEFAULT_FOLDER = Path.of("hls");
    private static final HlsSettings DEFAULTS = new HlsSettings(
            true, 8080, BindAddress.ANY, Duration.ofSeconds(2), 6, Optional.empty(), false, 1, HlsLimits.defaults());

    public HlsSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (fragment.compareTo(Duration.ofMillis(200)) < 0 || fragment.compareTo(Duration.ofSeconds(60)) > 0) {
            throw new IllegalArgumentException("fragment: " + fragment.toMillis() + " ms (expected: 0.2 s to 60 s)");
        }
        if (liveTsCount < 3 || liveTsCount > 1_000) {
            throw new IllegalArgumentException("live_ts_count: " + liveTsCount + " (expected: 3 to 1000)");
        }
        if (!(aofRatio >= 1 && aofRatio <= 100)) {
            throw new IllegalArgumentException("aof_ratio: " + aofRatio + " (expected: 1 to 100)");
        }
    }

    /** The values of keys that the configuration does not name. */
    public static HlsSettings defaults() {
        return DEFAULTS;
    }

    /** These settings, listening or not. */
    public HlsSettings enabled(boolean listens) {
        return new HlsSettings(listens, port, address, fragment, liveTsCount, path, needRecord, aofRatio, limits);
    }

    /** These settings on another address and port. */
    public HlsSettings at(BindAddress newAddress, int newPort) {
        return new HlsSettings(enabled, newPort, newAddress, fragment, liveTsCount, path, needRecord, aofRatio, limits);
    }

    /** These settings with other limits. */
    public HlsSettings with(HlsLimits newLimits) {
        return new HlsSettings(enabled, port, address, fragment, liveTsCount, path, needRecord, aofRatio, newLimits);
    }

    /** These settings with files: where they are written, and whether all are kept. */
    public HlsSettings recording(Optional<Path> newPath, boolean keep) {
        return new HlsSettings(enabled, port, address, fragment, liveTsCount, newPath, keep, aofRatio, limits);
    }

    /** The folder to write to, if any: a recording without a path goes to {@code ./hls}. */
    public Optional<Path> folder() {
        return path.isPresent() || !needRecord ? path : Optional.of(DEFAULT_FOLDER);
    }

    /** How streams are cut, and how much of them is kept. */
    SegmentSettings segments() {
        return new SegmentSettings(
                fragment,
                aofRatio,
                limits.segmentBytes(),
                // Files in a folder may be served by another server, so it is not known who has seen a segment.
                new WindowSettings(liveTsCount, limits.windowBytes(), folder().isPresent()));
    }

    /** Where to listen. */
    public InetSocketAddress listen() {
        return address.withPort(port);
    }
}
