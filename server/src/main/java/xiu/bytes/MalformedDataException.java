package xiu.bytes;

/**
 * The peer's bytes are wrong. The message reads {@code what: got (expected: …)} and never quotes secrets; the owner of
 * the connection logs it in one line and closes. Carries no stack trace: it is an answer to input, not a fault of ours.
 */
public class MalformedDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A message of the form {@code what: got (expected: …)}. */
    public MalformedDataException(String message) {
        super(message, null, false, false);
    }

    /** Builds {@code what: got (expected: expected)}. */
    public static MalformedDataException of(String what, Object got, String expected) {
        return new MalformedDataException(what + ": " + got + " (expected: " + expected + ")");
    }
}
