package xiu.service.relay;

import java.time.Duration;
import java.util.Optional;
import xiu.stream.settings.StreamPattern;

/**
 * A {@code [rtmp.pull]} table, or one of several {@code [[rtmp.pull]]}: a server asked for streams that are not here.
 *
 * @param enabled whether it is used
 * @param address host name or IP address of the upstream
 * @param port TCP port of the upstream
 * @param url the upstream as a URL template, in place of {@code address} and {@code port}
 * @param match the streams it is asked for
 * @param wait_ how long a player waits for the upstream
 * @param linger how long a pulled stream stays when nobody watches it
 */
public record PullSettings(
        boolean enabled,
        Optional<String> address,
        int port,
        Optional<UrlTemplate> url,
        StreamPattern match,
        Duration wait_,
        Duration linger) {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final PullSettings DEFAULTS = new PullSettings(
            true,
            Optional.empty(),
            1935,
            Optional.empty(),
            StreamPattern.ALL,
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));

    public PullSettings {
        RelaySettings.checkTarget(address, port, url);
        if (wait_.compareTo(Duration.ofMillis(100)) < 0 || wait_.compareTo(HOUR) > 0) {
            throw new IllegalArgumentException("wait: " + wait_.toMillis() + " ms (expected: 0.1 s to 3600 s)");
        }
        if (linger.isNegative() || linger.compareTo(HOUR) > 0) {
            throw new IllegalArgumentException("linger: " + linger.toSeconds() + " s (expected: 0 to 3600 s)");
        }
    }

    /** The values of keys that the configuration does not name; {@code address} or {@code url} has none. */
    public static PullSettings defaults() {
        return DEFAULTS;
    }

    /** Whether the table says where the upstream is. */
    public boolean hasTarget() {
        return address.isPresent() || url.isPresent();
    }

    /** The upstream, however it was given. */
    public UrlTemplate upstream() {
        return url.orElseGet(() -> UrlTemplate.rtmp(address.orElseThrow(), port));
    }
}
