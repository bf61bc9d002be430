package xiu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of the JVM stand in the files of {@code server/src/main/jvm} and nowhere else. */
class JvmOptionsTest {
    private static final String FOLDER = "server/src/main/jvm";
    /** What is given to the JVM of one version only. */
    private static final String OF_THIS_JAVA = "java-" + Runtime.version().feature() + ".options";

    private static final Pattern NAME = Pattern.compile("-XX:[+-]?(\\w+)");

    /** What a file may name all the same, and why. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            // An operator's collector replaces that of the profile.
            "xiu",
            Set.of("UseSerialGC", "UseG1GC"),
            // Options as operators give them, beside those of the profile.
            "LauncherIT.java",
            Set.of("UseSerialGC", "UseG1GC", "TieredStopAtLevel", "CompileThresholdScaling"),
            // A heap of the test's own size that is resident at once: what the process grows by is then outside it.
            "MemoryIT.java",
            Set.of("AlwaysPreTouch"),
            "MisbehaviourIT.java",
            Set.of("AlwaysPreTouch"),
            "RelayStallIT.java",
            Set.of("AlwaysPreTouch"),
            "SoakIT.java",
            Set.of("AlwaysPreTouch"),
            // Makes the option of a profiler possible.
            "flame.sh",
            Set.of("UnlockDiagnosticVMOptions"));

    private static List<Path> optionFiles() {
        return Repository.files(FOLDER, ".options");
    }

    private static List<String> options(Path file) {
        return Repository.read(file)
                .lines()
                .filter(line -> line.startsWith("-"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "large"})
    void theJvmAcceptsEveryOption(String profile) throws IOException, InterruptedException {
        Path folder = Repository.root().resolve(FOLDER);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        Stream.of(profile + ".options", OF_THIS_JAVA)
                .map(folder::resolve)
                .filter(optionFiles()::contains)
                .forEach(file -> command.add("@" + file));
        command.add("-version");
        assertThat(command).hasSizeGreaterThan(2);
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(java.exitValue()).as(printed).isZero();
            assertThat(printed.lines())
                    .as("a JVM that ignores an option says so")
                    .noneMatch(line -> line.contains("warning") || line.contains("gnoring"));
        } finally {
            java.destroyForcibly();
        }
    }

    /** The launcher takes lines that begin with a dash, one word each; a Java argument file may have more. */
    @Test
    void aLineIsOneOptionOrACommentAndEveryOptionSaysWhy() {
        assertThat(optionFiles()).hasSizeGreaterThanOrEqualTo(2);
        for (Path file : optionFiles()) {
            List<String> lines = Repository.read(file).lines().toList();
            assertThat(lines).as(file.toString()).allMatch(line -> line.matches("#.*|-[^\\s\"'*?\\[\\]]+|"));
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("-")) {
                    assertThat(i).as("place of an option in %s", file).isPositive();
                    assertThat(lines.get(i - 1))
                            .as("the reason for %s in %s", lines.get(i), file)
                            .startsWith("# ");
                }
            }
            assertThat(options(file)).as(file.toString()).isNotEmpty().doesNotHaveDuplicates();
        }
    }

    @Test
    void noOptionOfOursIsNamedElsewhere() {
        Set<String> ours = optionFiles().stream()
                .flatMap(file -> options(file).stream())
                .map(NAME::matcher)
                .filter(Matcher::find)
                .map(option -> option.group(1))
                .collect(Collectors.toSet());
        assertThat(ours).contains("UseSerialGC", "TieredStopAtLevel");
        List<String> elsewhere = new ArrayList<>();
        int files = 0;
        for (Path file : places()) {
            files++;
            String name = file.getFileName().toString();
            Set<String> allowed = ALLOWED.getOrDefault(name, Set.of());
            Matcher option = NAME.matcher(Repository.read(file));
            while (option.find()) {
                if (ours.contains(option.group(1)) && !allowed.contains(option.group(1))) {
                    elsewhere.add(name + ": " + option.group());
                }
            }
        }
        assertThat(elsewhere).isEmpty();
        assertThat(files).isGreaterThan(300);
    }

    /** Scripts, poms and Java sources but this one. */
    private static List<Path> places() {
        List<Path> files = new ArrayList<>(List.of(Repository.root().resolve("xiu")));
        for (String suffix : List.of(".sh", ".xml", ".java", ".ci/run")) {
            files.addAll(Repository.files("", suffix));
        }
        files.removeIf(file -> file.endsWith("xiu/JvmOptionsTest.java"));
        return files;
    }
}
