package xiu.stream.relay;

import xiu.stream.text.LogText;

/**
 * Why a source or a sink ended.
 *
 * @param kind decides about a retry
 * @param message one line, without secrets
 */
public record RelayEnd(Kind kind, String message) {
    private static final int LONGEST = 300;

    /** Makes one line of bounded length of the message, which may quote far sides and libraries. */
    public RelayEnd {
        message = LogText.of(message, LONGEST);
    }

    /** The kinds of end. */
    public enum Kind {
        /** Could not connect, or the connection broke. */
        UNREACHABLE,
        /** The far side does not have the stream. */
        NOT_FOUND,
        /** The far side refused. */
        REFUSED,
        /** The far side does not send or take anything any more. */
        STALLED,
        /** The stream would go in a circle. */
        LOOP,
        /** The stream ended as its protocol provides. */
        STREAM_ENDED,
        /** It was stopped on this side. */
        STOPPED
    }
}
