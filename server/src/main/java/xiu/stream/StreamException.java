package xiu.stream;

/**
 * A refusal, which each protocol reports to the peer in its own way. Carries no stack trace: it is an answer, not a
 * fault.
 */
public final class StreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why a peer is refused. */
    public enum Reason {
        /** The app or the name is invalid. */
        BAD_NAME,
        /** Another publisher feeds the stream. */
        BUSY,
        /** Nobody feeds the stream, and it is not known elsewhere. */
        NOT_FOUND,
        /** The access policy denies: the credentials are missing, wrong or too old. */
        DENIED,
        /** The access policy denies, whatever credentials are shown. */
        FORBIDDEN,
        /** A limit of the server is reached. */
        LIMIT,
        /** The server is stopping. */
        STOPPING,
        /** The policy, the directory or an upstream did not answer. */
        UNAVAILABLE
    }

    /** A refusal for {@code reason}; the message must not hold secrets. */
    public StreamException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Why the peer is refused. */
    public Reason reason() {
        return reason;
    }
}
