package xiu.stream;

/** A refusal, to be told to the peer in its own protocol. Carries no stack trace: it is an answer, not a fault. */
public final class StreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why a peer is refused. */
    public enum Reason {
        /** The app or name is not one. */
        BAD_NAME,
        /** Somebody else feeds the stream. */
        BUSY,
        /** Nobody feeds the stream, and nobody could be asked for it. */
        NOT_FOUND,
        /** The access policy says no: the credentials are missing, wrong or too old. */
        DENIED,
        /** The access policy says no, whatever credentials are shown. */
        FORBIDDEN,
        /** A limit of the server is reached. */
        LIMIT,
        /** The server is stopping. */
        STOPPING,
        /** Whoever had to be asked about the stream did not answer. */
        UNAVAILABLE
    }

    /** A refusal for {@code reason}; the message must not hold secrets. */
    public StreamException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
