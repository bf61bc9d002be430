package xiu.stream.settings;

/** How the delivery of a stream trades latency for processor time. */
public enum LatencyMode {
    /** Frame by frame while the event loop has time, in larger batches as it becomes busy. */
    ADAPTIVE,
    /** Frame by frame until the event loop is saturated. */
    LOW
}
