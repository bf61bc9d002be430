package xiu.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings as a test writes them, made safe for a machine where other things run: loopback and free ports. */
final class TestSettings {
    private static final List<String> TABLES = List.of("rtmp", "httpflv", "hls");

    private TestSettings() {}

    /** Adds the tables of the protocols that the text leaves out, and an address and a port where it names none. */
    static String onLoopback(String toml) {
        StringBuilder missing = new StringBuilder();
        String text = toml;
        for (String table : TABLES) {
            if (body(text, table) == null) {
                missing.append("[%s]\naddress = \"127.0.0.1\"\nport = 0\n".formatted(table));
            } else {
                text = completed(text, table);
            }
        }
        return missing + text;
    }

    /** The protocols that will listen. */
    static Set<String> enabled(String toml) {
        Set<String> enabled = new TreeSet<>(TABLES);
        enabled.removeIf(table -> {
            String body = body(toml, table);
            return body != null && has(body, "enabled", "false");
        });
        return enabled;
    }

    private static String completed(String toml, String table) {
        String body = body(toml, table);
        List<String> added = new ArrayList<>();
        if (!has(body, "address", "")) {
            added.add("address = \"127.0.0.1\"");
        }
        if (!has(body, "port", "")) {
            added.add("port = 0");
        }
        Matcher header = header(table).matcher(toml);
        return header.replaceFirst(found -> Matcher.quoteReplacement(found.group() + "\n" + String.join("\n", added)));
    }

    private static boolean has(String body, String key, String value) {
        return Pattern.compile("^\\s*" + key + "\\s*=\\s*" + value, Pattern.MULTILINE)
                .matcher(body)
                .find();
    }

    /** The lines of a table, or null when the text does not have it. */
    private static String body(String toml, String table) {
        Matcher header = header(table).matcher(toml);
        if (!header.find()) {
            return null;
        }
        String rest = toml.substring(header.end());
        Matcher next = Pattern.compile("^\\s*\\[", Pattern.MULTILINE).matcher(rest);
        return next.find() ? rest.substring(0, next.start()) : rest;
    }

    private static Pattern header(String table) {
        return Pattern.compile("^\\s*\\[" + table + "\\]", Pattern.MULTILINE);
    }
}
