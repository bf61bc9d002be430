package xiu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What reads from the network stays under the fuzzer: each target has inputs, runs in every build, and is documented. */
class FuzzTargetsTest {
    private static final Pattern TARGET = Pattern.compile("@FuzzTest[^)]*\\)\\s+void (\\w+)\\(");

    @Test
    void everyTargetHasInputsARunInEveryBuildAndARow() {
        String table = Repository.read(Repository.root().resolve("docs/security.md"));
        int targets = 0;
        for (Path source : Repository.files("server/src/test/java", "FuzzTest.java")) {
            String text = Repository.read(source);
            String test = source.getFileName().toString().replace(".java", "");
            List<String> methods =
                    TARGET.matcher(text).results().map(found -> found.group(1)).toList();
            assertThat(methods).as(test).isNotEmpty();
            for (String method : methods) {
                targets++;
                assertThat(inputs(source, test, method))
                        .as("%s.%s", test, method)
                        .isNotEmpty();
                assertThat(text).containsAnyOf("\"" + method + "\", this::" + method, "    " + method + "(damaged);");
                assertThat(table).contains("| `" + test + "." + method + "` |");
            }
        }
        assertThat(targets).isGreaterThan(20);
    }

    private static List<Path> inputs(Path source, String test, String method) {
        String folder = Repository.root()
                .resolve("server/src/test/java")
                .relativize(source.resolveSibling(test + "Inputs/" + method))
                .toString();
        return Repository.files("server/src/test/resources/" + folder, "");
    }
}
