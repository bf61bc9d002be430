package xiu.transport;

/** What a playback does at the moment. */
enum PlaybackState {
    NEW,
    /** Waits for a key frame. */
    WAITING,
    /** Sends whatever is new. */
    LIVE,
    /** The socket is full; Netty tells when what it holds has gone. */
    BLOCKED,
    PAUSED,
    ENDED
}
