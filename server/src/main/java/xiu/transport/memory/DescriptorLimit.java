package xiu.transport.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many descriptors this process may have. */
final class DescriptorLimit {
    /** Where the system does not say. */
    static final int USUAL = 1024;

    private static final Pattern LINE = Pattern.compile("(?m)^Max open files +(\\d{1,9}|unlimited) ");

    private DescriptorLimit() {}

    /** Of the running process. */
    static int ofProcess() {
        try {
            return read(Files.readString(Path.of("/proc/self/limits")));
        } catch (IOException e) {
            return USUAL;
        }
    }

    /** From what Linux says in {@code /proc/PID/limits}: the soft limit, which the JVM raises to the hard one. */
    static int read(String limits) {
        Matcher line = LINE.matcher(limits);
        if (!line.find()) {
            return USUAL;
        }
        String number = line.group(1);
        return number.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(number);
    }
}
