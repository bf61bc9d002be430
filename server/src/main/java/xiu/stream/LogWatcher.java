package xiu.stream;

/**
 * Told when a stream's logs have grown. Called on the publisher's thread, must not block: implementations hop to their
 * own thread, with at most one wake-up pending.
 */
public interface LogWatcher {
    /**
     * The logs have grown.
     *
     * @param flush whether it is time to send: a video frame is complete, or audio has waited long enough for one
     */
    void onAppend(boolean flush);

    /** Whether it wants each frame as soon as it is here; otherwise a tenth of a second later will do. */
    default boolean isEager() {
        return false;
    }

    /** Whether one of them does; asked with every read, so without a stream of objects. */
    static boolean isAnyEager(Iterable<LogWatcher> watchers) {
        for (LogWatcher watcher : watchers) {
            if (watcher.isEager()) {
                return true;
            }
        }
        return false;
    }

    /** Nothing more will come. Called once. */
    void onEnd(EndReason reason);
}
