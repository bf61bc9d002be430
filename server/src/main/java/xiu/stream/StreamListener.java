package xiu.stream;

/** Seam: told what happened. Called on the thread where it happened, outside all locks; must not block or throw. */
public interface StreamListener {
    /** Something happened to a stream. */
    void on(StreamEvent event);
}
