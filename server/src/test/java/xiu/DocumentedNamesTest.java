package xiu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of the documents name classes and tests that exist: those that hold a rule or a quirk must not go unseen. */
class DocumentedNamesTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    /** A type with its package, or a test class. */
    private static final Pattern TYPE = Pattern.compile("(?:(?:[a-z]+\\.)+([A-Z]\\w+)|(\\w+(?:Test|IT)))");
    /** A test method, perhaps cut short: too long and too mixed to be anything else. */
    private static final Pattern METHOD = Pattern.compile("[a-z]+[A-Z]\\w{12,}…?");

    private final Set<String> types = new HashSet<>();
    private final Set<String> methods = new HashSet<>();

    @Test
    void everyNameIsThere() {
        List<Path> sources = Stream.of("server/src/main/java", "server/src/test/java", "it/src/test/java")
                .flatMap(folder -> Repository.files(folder, ".java").stream())
                .toList();
        for (SourceFile source : SourceFile.parse(sources)) {
            source.types().forEach(type -> types.add(type.name()));
            source.methods().forEach(method -> methods.add(method.name()));
        }
        List<String> unknown = new ArrayList<>();
        int names = 0;
        for (Path document : Repository.files("docs", ".md")) {
            for (String row : Repository.read(document)
                    .lines()
                    .filter(line -> line.startsWith("|"))
                    .toList()) {
                for (Matcher code = CODE.matcher(row); code.find(); ) {
                    String name = code.group(1);
                    if (TYPE.matcher(name).matches() || METHOD.matcher(name).matches()) {
                        names++;
                        if (!exists(name)) {
                            unknown.add(document.getFileName() + ": " + name);
                        }
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(names).isGreaterThan(50);
    }

    private boolean exists(String name) {
        Matcher type = TYPE.matcher(name);
        if (type.matches()) {
            return types.contains(type.group(1) != null ? type.group(1) : type.group(2));
        }
        String start = name.replace("…", "");
        return methods.stream()
                .anyMatch(method -> name.endsWith("…") ? method.startsWith(start) : method.equals(start));
    }
}
