package xiu.transport;

/** A part of the server cannot start, for a reason that lies outside it: a port in use, a missing permission. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The message is shown to the user as it is, without a stack trace. */
    public StartException(String message) {
        super(message);
    }
}
