package xiu.config;

import java.util.List;

/** The configuration cannot be used; the message holds everything that is wrong with it, one line each. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /** Each problem is one line for the user, with file, line and key where there are any. */
    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** A single problem. */
    public ConfigException(String problem) {
        this(List.of(problem));
    }

    /** All problems, in the order of the file. */
    public List<String> problems() {
        return problems;
    }
}
