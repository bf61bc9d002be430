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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tables of the documents name classes and tests that exist: those that hold a rule or a quirk must not go unseen. */
class DocumentedNamesTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    /** A type with its package, or a test class. */
    private static final Pattern TYPE = Pattern.compile("(?:(?:[a-z]+\\.)+([A-Z]\\w+)|(\\w+(?:Test|IT)))");
    /** A test method, perhaps cut short: too long and too mixed to be anything else. */
    private static final Pattern METHOD = Pattern.compile("[a-z]+[A-Z]\\w{12,}…?");
    /** A test method with its class. */
    private static final Pattern TEST = Pattern.compile("[A-Z]\\w*(?:Test|IT)\\.\\w+");

    private final Set<String> types = new HashSet<>();
    private final Set<String> methods = new HashSet<>();
    private final Set<String> tests = new HashSet<>();

    @BeforeEach
    void readTheSources() {
        List<Path> sources = Stream.of("server/src/main/java", "server/src/test/java", "it/src/test/java")
                .flatMap(folder -> Repository.files(folder, ".java").stream())
                .toList();
        for (SourceFile source : SourceFile.parse(sources)) {
            String type = source.fileName().replace(".java", "");
            source.types().forEach(named -> types.add(named.name()));
            for (SourceFile.Method method : source.methods()) {
                methods.add(method.name());
                if (method.test()) {
                    tests.add(type + "." + method.name());
                }
            }
        }
    }

    @Test
    void everyNameIsThere() {
        List<String> unknown = new ArrayList<>();
        int names = 0;
        for (Path document : Repository.files("docs", ".md")) {
            for (String row : rows(document)) {
                for (String name : names(row)) {
                    names++;
                    if (!exists(name)) {
                        unknown.add(document.getFileName() + ": " + name);
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(names).isGreaterThan(50);
    }

    @Test
    void everyPitfallHasItsTest() {
        Path document = Repository.root().resolve("docs/pitfalls.md");
        List<String> hazards = rows(document).stream()
                .filter(row -> !row.startsWith("|---") && !row.startsWith("| hazard |"))
                .toList();
        assertThat(hazards)
                .hasSizeGreaterThan(90)
                .allSatisfy(row -> assertThat(names(row.substring(row.indexOf('|', 1))))
                        .anyMatch(name -> TEST.matcher(name).matches()));
    }

    private static List<String> rows(Path document) {
        return Repository.read(document)
                .lines()
                .filter(line -> line.startsWith("|"))
                .toList();
    }

    /** The names in a row that are types, methods or tests of ours. */
    private static List<String> names(String row) {
        return CODE.matcher(row)
                .results()
                .map(code -> code.group(1))
                .filter(name -> Stream.of(TYPE, METHOD, TEST)
                        .anyMatch(pattern -> pattern.matcher(name).matches()))
                .toList();
    }

    private boolean exists(String name) {
        if (TEST.matcher(name).matches()) {
            return tests.contains(name);
        }
        Matcher type = TYPE.matcher(name);
        if (type.matches()) {
            return types.contains(type.group(1) != null ? type.group(1) : type.group(2));
        }
        String start = name.replace("…", "");
        return methods.stream()
                .anyMatch(method -> name.endsWith("…") ? method.startsWith(start) : method.equals(start));
    }
}
