package xiu.server.settings;

import java.nio.file.Path;

/**
 * The {@code [log]} table.
 *
 * @param level what is logged
 * @param file the {@code [log.file]} table
 */
public record LogSettings(Level level, Files file) {
    /** The least urgent level that is logged. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** When a new file begins. */
    public enum Rotation {
        DAY("yyyy-MM-dd"),
        HOUR("yyyy-MM-dd-HH"),
        MINUTE("yyyy-MM-dd-HH-mm");

        private final String stamp;

        Rotation(String stamp) {
            this.stamp = stamp;
        }

        /** The part of a file's name that distinguishes it from the one before. */
        public String stamp() {
            return stamp;
        }
    }

    /**
     * The {@code [log.file]} table.
     *
     * @param enabled whether the log goes to files instead of the console
     * @param rotate when a new file begins
     * @param path folder of the files
     * @param keep rotations after which a file is deleted, also when there was nothing to log in most of them
     * @param maxSize bytes that all files together may have; the oldest are deleted
     */
    public record Files(boolean enabled, Rotation rotate, Path path, int keep, long maxSize) {
        private static final Files DEFAULTS = new Files(false, Rotation.HOUR, Path.of("logs"), 168, 1L << 30);

        public Files {
            if (keep < 1 || keep > 100_000) {
                throw new IllegalArgumentException("keep: " + keep + " (expected: 1 to 100000)");
            }
            if (maxSize < 1 << 20) {
                throw new IllegalArgumentException("max_size: " + maxSize + " (expected: at least 1MiB)");
            }
        }
    }

    private static final LogSettings DEFAULTS = new LogSettings(Level.INFO, Files.DEFAULTS);

    /** What is used for keys that the configuration does not name. */
    public static LogSettings defaults() {
        return DEFAULTS;
    }
}
