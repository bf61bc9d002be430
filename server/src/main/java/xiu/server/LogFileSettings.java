package xiu.server;

import java.nio.file.Path;

/**
 * The {@code [log.file]} table.
 *
 * @param enabled whether the log goes to files instead of the console
 * @param rotate when a new file begins
 * @param path folder of the files
 * @param keep files that are kept; older ones are deleted
 * @param maxSize bytes that all files together may have; the oldest are deleted
 */
record LogFileSettings(boolean enabled, LogRotation rotate, Path path, int keep, long maxSize) {
    private static final LogFileSettings DEFAULTS =
            new LogFileSettings(false, LogRotation.HOUR, Path.of("logs"), 168, 1L << 30);

    LogFileSettings {
        if (keep < 1 || keep > 100_000) {
            throw new IllegalArgumentException("keep: " + keep + " (expected: 1 to 100000)");
        }
        if (maxSize < 1 << 20) {
            throw new IllegalArgumentException("max_size: " + maxSize + " (expected: at least 1MiB)");
        }
    }

    static LogFileSettings defaults() {
        return DEFAULTS;
    }
}
