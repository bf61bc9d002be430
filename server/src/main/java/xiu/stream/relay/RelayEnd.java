package xiu.stream.relay;

import xiu.stream.text.LogText;

/**
 * Why a source or a sink ended.
 *
 * @param kind what a retry policy needs to know
 * @param message one line, without secrets
 */
public record RelayEnd(Kind kind, String message) {
    private static final int LONGEST = 300;

    /** Makes one line of bounded length of what far sides say and what libraries quote of it. */
    public RelayEnd {
        message = LogText.of(message, LONGEST);
    }

    /** What kind of end. */
    public enum Kind {
        /** Could not connect, or the connection broke. */
        UNREACHABLE,
        /** The far side does not have the stream. */
        NOT_FOUND,
        /** The far side said no. */
        REFUSED,
        /** The far side stopped moving. */
        STALLED,
        /** The stream would run in a circle. */
        LOOP,
        /** The stream ended in good order. */
        STREAM_ENDED,
        /** We were told to stop. */
        STOPPED
    }
}
