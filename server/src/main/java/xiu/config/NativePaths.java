package xiu.config;

import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Paths as this JVM can encode them. It takes the encoding of file names from the locale in which it was started; in a
 * container or a systemd unit that is often ASCII. No option of the JVM changes it.
 */
public final class NativePaths {
    /** What the user can do about it. */
    public static final String ADVICE = "LC_ALL=C.UTF-8 in the environment; the launcher sets it";

    /** Letters of three alphabets, one of them beyond 16 bits. */
    private static final String MANY_LETTERS = "\u00fc\u65e5\ud83d\ude00";

    private NativePaths() {}

    /** The encoding of file names if it lacks characters; null if it has all. */
    public static @Nullable String narrowEncoding() {
        return narrow(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }

    static @Nullable String narrow(String encoding) {
        boolean all = Charset.isSupported(encoding)
                && Charset.forName(encoding).newEncoder().canEncode(MANY_LETTERS);
        return all ? null : encoding;
    }

    /**
     * The path that a text names.
     *
     * @throws IllegalArgumentException which says why the text is no path
     */
    public static Path parse(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            String encoding = narrowEncoding();
            boolean plain = text.chars().allMatch(c -> c < 0x80);
            throw new IllegalArgumentException(
                    plain || encoding == null
                            ? "not a path: " + e.getReason()
                            : "not a path in this locale, whose file names are " + encoding + " (expected: " + ADVICE
                                    + ")",
                    e);
        }
    }
}
