package xiu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Integration tests and benchmarks count the server's objects by the names of their classes: a name that means nothing any
 * more, because its class was moved, would count none and find everything in order.
 */
class NamedClassesTest {
    private static final Pattern NAME = Pattern.compile("\"(xiu(?:\\.[a-z][a-z0-9]*)+\\.[A-Z]\\w*(?:\\$\\w+)?)\"");

    @Test
    void everyNamedClassIsThere() {
        List<String> missing = new ArrayList<>();
        List<String> found = new ArrayList<>();
        Stream.of("it/src", "benchmarks/src")
                .flatMap(folder -> Repository.files(folder, ".java").stream())
                .forEach(file -> collect(file, found, missing));
        assertThat(found).contains("xiu.stream.MediaStream");
        assertThat(missing).isEmpty();
    }

    private static void collect(Path file, List<String> found, List<String> missing) {
        Matcher names = NAME.matcher(Repository.read(file));
        while (names.find()) {
            try {
                Class.forName(names.group(1), false, NamedClassesTest.class.getClassLoader());
                found.add(names.group(1));
            } catch (ClassNotFoundException e) {
                missing.add(file.getFileName() + ": " + names.group(1));
            }
        }
    }
}
