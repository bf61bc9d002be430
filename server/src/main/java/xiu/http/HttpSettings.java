package xiu.http;

import java.time.Duration;

/**
 * The keys of {@code [limits]} that begin with {@code http_}: what an HTTP client may cost.
 *
 * @param lineBytes longest request line, in bytes
 * @param headerBytes all header fields of a request, in bytes
 * @param bodyBytes longest request body that is read, in bytes
 * @param requestTimeout time for a whole request to arrive
 * @param idleTimeout time that a kept-alive connection may wait between requests
 * @param answerTimeout time in which a request is answered; routes that wait for something may ask for longer
 * @param stallTimeout time in which a client must take some of the reply that it is sent
 * @param replyTimeout longest time for a reply to be taken, however slowly that is
 */
public record HttpSettings(
        long lineBytes,
        long headerBytes,
        long bodyBytes,
        Duration requestTimeout,
        Duration idleTimeout,
        Duration answerTimeout,
        Duration stallTimeout,
        Duration replyTimeout) {

    private static final HttpSettings DEFAULTS = new HttpSettings(
            8 * 1024,
            16 * 1024,
            64 * 1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10));

    public HttpSettings {
        within("line_bytes", lineBytes, 256);
        within("header_bytes", headerBytes, 256);
        within("body_bytes", bodyBytes, 0);
        within("request_timeout", requestTimeout);
        within("idle_timeout", idleTimeout);
        within("answer_timeout", answerTimeout);
        within("stall_timeout", stallTimeout);
        within("reply_timeout", replyTimeout);
    }

    private static void within(String key, long bytes, long least) {
        if (bytes < least || bytes > 16 << 20) {
            throw new IllegalArgumentException(key + ": " + bytes + " (expected: " + least + " bytes to 16MiB)");
        }
    }

    private static void within(String key, Duration time) {
        if (time.compareTo(Duration.ofMillis(100)) < 0 || time.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(key + ": " + time.toMillis() + " ms (expected: 100 ms to 1 h)");
        }
    }

    /** The values of keys that the configuration does not name. */
    public static HttpSettings defaults() {
        return DEFAULTS;
    }
}
