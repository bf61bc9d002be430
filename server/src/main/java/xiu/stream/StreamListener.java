package xiu.stream;

/**
 * Seam: gets notified of events. Called on the thread where the event happened, outside all locks; must not block or
 * throw.
 */
public interface StreamListener {
    /** An event has happened. */
    void on(StreamEvent event);
}
