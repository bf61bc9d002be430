package xiu.service.relay;

import java.util.Optional;
import xiu.stream.settings.StreamPattern;

/**
 * A {@code [[rtmp.push]]} table: a server to which streams are forwarded.
 *
 * @param enabled whether it is used
 * @param address host name or IP address of the target
 * @param port TCP port of the target
 * @param url the target as a URL template, in place of {@code address} and {@code port}
 * @param match the streams it gets
 */
public record PushSettings(
        boolean enabled, Optional<String> address, int port, Optional<UrlTemplate> url, StreamPattern match) {

    private static final PushSettings DEFAULTS =
            new PushSettings(true, Optional.empty(), 1935, Optional.empty(), StreamPattern.ALL);

    public PushSettings {
        RelaySettings.checkTarget(address, port, url);
    }

    /** The values of keys that the configuration does not name; {@code address} or {@code url} has none. */
    public static PushSettings defaults() {
        return DEFAULTS;
    }

    /** Whether the table says where the target is. */
    public boolean hasTarget() {
        return address.isPresent() || url.isPresent();
    }

    /** The target, however it was given. */
    public UrlTemplate target() {
        return url.orElseGet(() -> UrlTemplate.rtmp(address.orElseThrow(), port));
    }
}
