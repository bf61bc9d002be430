package xiu;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The conventions of CONTRIBUTING.md that can be counted. */
class HouseRulesTest {
    private static final int FILE_LINES = 300;
    private static final int TEST_FILE_LINES = 500;
    private static final int METHOD_LINES = 40;
    private static final int PARAMETERS = 5;
    private static final int CONSTRUCTOR_PARAMETERS = 6;
    private static final int PACKAGE_FILES = 20;

    /** Names that say nothing about what a thing is. */
    private static final Pattern BANNED_TYPE = Pattern.compile(
            "(Abstract|Base|I(?=[A-Z][a-z]))[A-Z].*|.*(Manager|Helper|Util|Utils|Common|Base|Impl|Info|V[0-9]+)");

    private static final Pattern BANNED_PACKAGE =
            Pattern.compile("(utils?|commons?|helpers?|misc|base|core|impl|shared)");
    private static final Pattern GETTER = Pattern.compile("get[A-Z].*");

    private static final List<SourceFile> MAIN = SourceFile.parse(Repository.files("server/src/main/java", ".java"));
    private static final List<SourceFile> TESTS = SourceFile.parse(Stream.concat(
                    Repository.files("server/src/test/java", ".java").stream(),
                    Repository.files("it/src/test/java", ".java").stream())
            .toList());

    @Test
    void filesAreShort() {
        assertThat(MAIN).isNotEmpty();
        List<String> violations = new ArrayList<>();
        MAIN.stream()
                .filter(file -> file.lines() > FILE_LINES)
                .forEach(file ->
                        violations.add("%s: %d lines (at most %d)".formatted(name(file), file.lines(), FILE_LINES)));
        TESTS.stream()
                .filter(file -> file.lines() > TEST_FILE_LINES)
                .forEach(file -> violations.add(
                        "%s: %d lines (at most %d)".formatted(name(file), file.lines(), TEST_FILE_LINES)));
        assertThat(violations).isEmpty();
    }

    @Test
    void methodsAreShort() {
        assertThat(methods(method -> method.lines() > METHOD_LINES)).isEmpty();
    }

    @Test
    void methodsHaveFewParameters() {
        assertThat(methods(
                        method -> !method.isConstructor() && !method.overrides() && method.parameters() > PARAMETERS))
                .isEmpty();
        assertThat(methods(method ->
                        method.isConstructor() && !method.ofRecord() && method.parameters() > CONSTRUCTOR_PARAMETERS))
                .isEmpty();
    }

    @Test
    void accessorsAreNotCalledGet() {
        assertThat(methods(method ->
                        GETTER.matcher(method.name()).matches() && method.parameters() == 0 && !method.overrides()))
                .isEmpty();
    }

    @Test
    void packagesAreSmall() {
        var sizes = MAIN.stream()
                .filter(file -> !file.fileName().equals("package-info.java"))
                .collect(groupingBy(file -> name(file).replaceFirst("/[^/]*$", ""), TreeMap::new, counting()));
        sizes.values().removeIf(size -> size <= PACKAGE_FILES);
        assertThat(sizes).isEmpty();
    }

    @Test
    void everyPackageIsDescribedAndNullMarked() {
        List<String> violations = new ArrayList<>();
        MAIN.stream().map(file -> file.path().getParent()).distinct().forEach(directory -> {
            Path described = directory.resolve("package-info.java");
            String text = Files.exists(described) ? Repository.read(described) : "";
            if (!text.startsWith("/**") || !text.contains("NullMarked")) {
                violations.add(Repository.root().relativize(described) + ": needs a Javadoc sentence and @NullMarked");
            }
        });
        assertThat(violations).isEmpty();
    }

    @Test
    void namesSayWhatThingsAre() {
        List<String> violations = new ArrayList<>();
        for (SourceFile file : MAIN) {
            file.types().stream()
                    .filter(type -> BANNED_TYPE.matcher(type.name()).matches())
                    .forEach(type -> violations.add(name(file) + ": type " + type.name()));
            for (Path part : Repository.root().relativize(file.path().getParent())) {
                if (BANNED_PACKAGE.matcher(part.toString()).matches()) {
                    violations.add(name(file) + ": package " + part);
                }
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void publicTypesAreDocumented() {
        List<String> violations = new ArrayList<>();
        for (SourceFile file : MAIN) {
            file.types().stream()
                    .filter(type -> type.topLevel() && type.isPublic() && !type.documented())
                    .forEach(type -> violations.add(name(file) + ": " + type.name() + " has no Javadoc"));
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void mainCodeLeavesNothingBehind() {
        assertThat(lines(MAIN, "\\b(TODO|FIXME|XXX)\\b|printStackTrace\\(|Thread\\.sleep\\("))
                .isEmpty();
    }

    @Test
    void onlyTheCommandLinePrints() {
        List<SourceFile> quiet = MAIN.stream()
                .filter(file -> !name(file).contains("/xiu/server/"))
                .toList();
        assertThat(lines(quiet, "System\\.(out|err)\\b")).isEmpty();
    }

    @Test
    void testsNeitherSleepNorPrintNorStandAside() {
        assertThat(lines(TESTS, "Thread\\.sleep\\(|System\\.(out|err)\\.|@(\\S+\\.)?Disabled\\b|printStackTrace\\("))
                .isEmpty();
    }

    /** What was tried and measured goes to docs/measurements. */
    @Test
    void decisionsAreAPageEach() {
        for (Path decision : Repository.files("docs/design", ".md")) {
            List<String> lines = Repository.read(decision).lines().toList();
            assertThat(lines).as("%s: lines", decision.getFileName()).hasSizeLessThanOrEqualTo(45);
            assertThat(lines)
                    .as("%s: headings", decision.getFileName())
                    .contains("## Context", "## Decision", "## Consequences");
        }
    }

    @Test
    void linksInTheDocumentsResolve() {
        List<String> violations = new ArrayList<>();
        for (Path document : Repository.files("", ".md")) {
            for (MarkdownLink link : MarkdownLink.in(document)) {
                if (!link.resolves()) {
                    violations.add(Repository.root().relativize(document) + ": " + link.target());
                }
            }
        }
        assertThat(violations).isEmpty();
    }

    private static List<String> methods(java.util.function.Predicate<SourceFile.Method> offends) {
        List<String> violations = new ArrayList<>();
        for (SourceFile file : MAIN) {
            file.methods().stream()
                    .filter(offends)
                    .forEach(method -> violations.add("%s: %s, %d parameters, %d lines"
                            .formatted(name(file), method.name(), method.parameters(), method.lines())));
        }
        return violations;
    }

    private static List<String> lines(List<SourceFile> files, String offends) {
        Pattern pattern = Pattern.compile(offends);
        List<String> violations = new ArrayList<>();
        for (SourceFile file : files) {
            if (file.fileName().equals("HouseRulesTest.java")) {
                continue;
            }
            List<String> lines = file.text().lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    violations.add(
                            name(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        }
        return violations;
    }

    private static String name(SourceFile file) {
        return Repository.root().relativize(file.path()).toString();
    }
}
