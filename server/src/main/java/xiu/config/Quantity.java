package xiu.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** A number with a unit, as people write them: {@code "16MiB"}, {@code "500ms"}. */
final class Quantity {
    private Quantity() {}

    /** Reads a size; KiB, MiB, GiB (also K, M, G) are powers of 1024, and KB, MB, GB of 1000. */
    static long bytes(String text) {
        int unitAt = unitAt(text);
        long factor = switch (text.substring(unitAt).strip().toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1L;
            case "k", "kib" -> 1L << 10;
            case "m", "mib" -> 1L << 20;
            case "g", "gib" -> 1L << 30;
            case "kb" -> 1_000L;
            case "mb" -> 1_000_000L;
            case "gb" -> 1_000_000_000L;
            default -> throw noSize(text);
        };
        try {
            return new BigDecimal(text.substring(0, unitAt).strip())
                    .multiply(BigDecimal.valueOf(factor))
                    .longValueExact();
        } catch (NumberFormatException e) {
            throw noSize(text);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: a whole number of bytes)", e);
        }
    }

    /** Reads a time: {@code "500ms"}, {@code "10s"}, {@code "5m"}, {@code "1h"}. */
    static Duration time(String text) {
        int unitAt = unitAt(text);
        double factor = switch (text.substring(unitAt).strip()) {
            case "ms" -> 0.001;
            case "", "s" -> 1;
            case "m", "min" -> 60;
            case "h" -> 3600;
            default -> throw noTime(text);
        };
        try {
            return seconds(Double.parseDouble(text.substring(0, unitAt).strip()) * factor);
        } catch (NumberFormatException e) {
            throw noTime(text);
        }
    }

    /** A time of so many seconds, exact to the microsecond. */
    static Duration seconds(double seconds) {
        if (!(Math.abs(seconds) <= 1e9)) {
            throw new IllegalArgumentException(seconds + " s (expected: a time)");
        }
        return Duration.ofNanos(Math.multiplyExact(Math.round(seconds * 1e6), 1_000L));
    }

    private static int unitAt(String text) {
        int i = 0;
        while (i < text.length() && !Character.isLetter(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static IllegalArgumentException noSize(String text) {
        return new IllegalArgumentException("\"" + text + "\" (expected: a size like 65536 or \"16MiB\")");
    }

    private static IllegalArgumentException noTime(String text) {
        return new IllegalArgumentException("\"" + text + "\" (expected: seconds, or a time like \"500ms\")");
    }
}
