package xiu.server;

/**
 * The {@code [log]} table.
 *
 * @param level what is logged
 * @param file the {@code [log.file]} table
 */
record LogSettings(LogLevel level, LogFileSettings file) {
    private static final LogSettings DEFAULTS = new LogSettings(LogLevel.INFO, LogFileSettings.defaults());

    static LogSettings defaults() {
        return DEFAULTS;
    }
}
