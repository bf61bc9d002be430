package xiu.service.relay;

import java.util.List;
import java.util.Optional;

/**
 * The relay tables inside {@code [rtmp]}.
 *
 * @param pull upstreams, asked in this order for streams that are not here
 * @param push targets that every stream is forwarded to
 */
public record RelaySettings(List<PullSettings> pull, List<PushSettings> push) {
    private static final RelaySettings DEFAULTS = new RelaySettings(List.of(), List.of());

    public RelaySettings {
        pull = List.copyOf(pull);
        push = List.copyOf(push);
    }

    /** No relay at all. */
    public static RelaySettings defaults() {
        return DEFAULTS;
    }

    static void checkTarget(Optional<String> address, int port, Optional<UrlTemplate> url) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        if (address.isPresent() && url.isPresent()) {
            throw new IllegalArgumentException("url: given beside address (expected: one of the two)");
        }
        if (address.isPresent()) {
            try {
                UrlTemplate.rtmp(address.get(), port);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "address: \"" + address.get() + "\" (expected: a host name or an IP address)", e);
            }
        }
    }
}
