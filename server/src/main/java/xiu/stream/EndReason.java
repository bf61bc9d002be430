package xiu.stream;

/** Why a publication, a playback or a session ended. */
public enum EndReason {
    /** The peer ended it: FCUnpublish, deleteStream, closeStream, or its viewer left. */
    GOODBYE,
    /** The connection was closed or broke before the peer had ended it. */
    CONNECTION_LOST,
    /** Nothing came for too long. */
    TIMED_OUT,
    /** Another publisher took the name over. */
    TAKEN_OVER,
    /** The peer's bytes are wrong. */
    MALFORMED,
    /** A viewer that could not keep up. */
    TOO_SLOW,
    /** A limit was exceeded. */
    LIMIT,
    /** The stream itself ended. */
    STREAM_ENDED,
    /** An operator or the server's own rules ended it. */
    KICKED,
    /** The server stops. */
    STOPPING,
    /** A fault of ours. */
    FAILED
}
