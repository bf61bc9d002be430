package xiu.it;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ports that documents and examples name, each replaced by one that is free here, the same one everywhere. */
final class DocumentedPorts {
    private static final Pattern DOCUMENTED = Pattern.compile("\\b(1935|1936|8080|8081)\\b");

    private final Map<String, String> free = new HashMap<>();

    /** The same text, safe to run beside others. */
    String in(String text) {
        return DOCUMENTED.matcher(text).replaceAll(port -> Matcher.quoteReplacement(of(port.group())));
    }

    /** What stands for a documented port here. */
    String of(String documented) {
        return free.computeIfAbsent(documented, port -> Integer.toString(FreePorts.next()));
    }
}
