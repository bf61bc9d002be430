package xiu.config;

import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Paths as this JVM can name them: it takes the characters of file names from the locale in which it was started, and in
 * that of a container or a unit of systemd it has ASCII only. No option of the JVM changes that.
 */
public final class NativePaths {
    /** What to do about it. */
    public static final String ADVICE = "LC_ALL=C.UTF-8 in the environment; the launcher sets it";

    /** Letters of three alphabets, one of them beyond 16 bits. */
    private static final String MANY_LETTERS = "\u00fc\u65e5\ud83d\ude00";

    private NativePaths() {}

    /** The encoding of file names, where it lacks characters; null where it has all. */
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
     * @throws IllegalArgumentException which says why it is none
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
