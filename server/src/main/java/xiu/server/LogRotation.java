package xiu.server;

/** When a new log file begins. */
enum LogRotation {
    DAY("yyyy-MM-dd"),
    HOUR("yyyy-MM-dd-HH"),
    MINUTE("yyyy-MM-dd-HH-mm");

    private final String stamp;

    LogRotation(String stamp) {
        this.stamp = stamp;
    }

    /** The part of a file's name that tells it from the one before. */
    String stamp() {
        return stamp;
    }
}
