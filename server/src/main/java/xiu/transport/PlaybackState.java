package xiu.transport;

/** What a playback does at the moment. */
enum PlaybackState {
    NEW,
    /** Waits for a key frame. */
    WAITING,
    /** Sends whatever is new. */
    LIVE,
    /** The socket is full; Netty calls back when it has sent what it holds. */
    BLOCKED,
    PAUSED,
    ENDED
}
