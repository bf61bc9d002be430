package xiu.http.http1;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date field (RFC 9110 §6.6.1), made once a second. Any thread. */
final class HttpClock {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Clock clock;
    private volatile Line line = new Line(Long.MIN_VALUE, new byte[0]);

    private record Line(long second, byte[] bytes) {}

    HttpClock(Clock clock) {
        this.clock = clock;
    }

    /** The whole line with its end; borrowed. */
    byte[] line() {
        long second = Math.floorDiv(clock.millis(), 1000);
        Line current = line;
        if (current.second() != second) {
            String text = "Date: " + FORMAT.format(Instant.ofEpochSecond(second)) + "\r\n";
            current = new Line(second, text.getBytes(StandardCharsets.US_ASCII));
            line = current;
        }
        return current.bytes();
    }
}
