package xiu.bytes;

/** The peer's bytes are more, or nested deeper, than a key of {@code [limits]} allows. */
public final class LimitExceededException extends MalformedDataException {
    private static final long serialVersionUID = 1L;

    private final String limit;

    private LimitExceededException(String limit, String message) {
        super(message);
        this.limit = limit;
    }

    /** Builds {@code what: got (expected: at most …)} for the key {@code limit}. */
    public static LimitExceededException of(String limit, String what, long got, long most) {
        return new LimitExceededException(limit, what + ": " + got + " (expected: at most " + most + ")");
    }

    /** The key in {@code [limits]}. */
    public String limit() {
        return limit;
    }
}
