package xiu.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TomlBinderTest {
    enum Colour {
        RED,
        DARK_BLUE
    }

    record Shape(String text) {
        static Shape parse(String text) {
            if (text.startsWith("!")) {
                throw new IllegalArgumentException("\"" + text + "\" (expected: a shape)");
            }
            return new Shape(text);
        }
    }

    record Inner(boolean on, int count) {
        static Inner defaults() {
            return new Inner(true, 7);
        }

        Inner {
            if (count < 0) {
                throw new IllegalArgumentException("count: " + count + " (expected: 0 or more)");
            }
        }
    }

    record Outer(
            boolean flag,
            int number,
            long size,
            double ratio,
            String name,
            Duration waitTime,
            Optional<Path> path,
            Colour colour,
            Shape shape,
            Inner inner,
            List<Inner> many,
            List<String> words,
            int wait_) {
        Outer {
            if (number > 100) {
                throw new IllegalArgumentException("number: " + number + " (expected: at most 100)");
            }
            if (size > 1000) {
                throw new IllegalArgumentException("size: " + size + " (expected: at most 1000)");
            }
            if (flag && ratio > 5) {
                throw new IllegalArgumentException("flag and a ratio above 5 do not go together");
            }
        }
    }

    private static final Outer BASE = new Outer(
            false,
            1,
            2,
            3,
            "n",
            Duration.ofSeconds(4),
            Optional.empty(),
            Colour.RED,
            new Shape("round"),
            Inner.defaults(),
            List.of(),
            List.of(),
            5);

    @Test
    void bindsEveryType() {
        TomlBinder toml = TomlBinder.parse("f", """
                [t]
                flag = true
                number = 42
                size = "0.5KiB"
                ratio = 2
                name = "x"
                wait_time = 0.25
                path = "a/b"
                colour = "dark_blue"
                shape = "square"
                words = ["a", "b"]
                wait = 6
                [t.inner]
                on = false
                [[t.many]]
                count = 1
                [[t.many]]
                count = 2
                on = false
                """);
        assertThat(toml.bind("t", BASE))
                .isEqualTo(new Outer(
                        true,
                        42,
                        512,
                        2,
                        "x",
                        Duration.ofMillis(250),
                        Optional.of(Path.of("a/b")),
                        Colour.DARK_BLUE,
                        new Shape("square"),
                        new Inner(false, 7),
                        List.of(new Inner(true, 1), new Inner(false, 2)),
                        List.of("a", "b"),
                        6));
        toml.finish();
    }

    @Test
    void keepsTheDefaultsOfWhatIsNotNamed() {
        TomlBinder toml = TomlBinder.parse("f", "[t]\nnumber = 9\n[t.inner]\n");
        assertThat(toml.bind("t", BASE).number()).isEqualTo(9);
        assertThat(toml.bind("t", BASE).name()).isEqualTo("n");
        assertThat(toml.bind("t", BASE).inner()).isEqualTo(Inner.defaults());
        assertThat(toml.bind("absent", BASE)).isSameAs(BASE);
    }

    @Test
    void takesATableForAListOfOne() {
        assertThat(TomlBinder.parse("f", "[t.many]\ncount = 3").bind("t", BASE).many())
                .containsExactly(new Inner(true, 3));
        assertThat(TomlBinder.parse("f", "t.words = \"a\"").bind("t", BASE).words())
                .containsExactly("a");
    }

    @Test
    void feedsSeveralRecordsFromOneTable() {
        TomlBinder toml = TomlBinder.parse("f", "[t]\na_count = 1\nb_count = 2\nb_on = false");
        assertThat(toml.bind("t", "a_", Inner.defaults())).isEqualTo(new Inner(true, 1));
        assertThat(toml.bind("t", "b_", Inner.defaults())).isEqualTo(new Inner(false, 2));
        toml.finish();
    }

    @Test
    void leavesForeignKeysToOthers() {
        TomlBinder toml = TomlBinder.parse("f", "[t]\non = false\ncount = 1");
        assertThat(toml.bind("t", Inner.defaults(), "count")).isEqualTo(new Inner(false, 7));
        assertThat(problems(toml)).containsExactly("f:3: t.count: unknown key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "flag = 1         | flag: an integer (expected: true or false)",
                "number = '1'     | number: a string (expected: an integer)",
                "number = 1.0     | number: a decimal number (expected: an integer)",
                "number = 9999999999 | number: 9999999999 (expected: a number below 2^31)",
                "number = 2020-01-01 | number: a date or time (expected: an integer)",
                "size = true      | size: true or false (expected: a size like 65536 or \"16MiB\")",
                "size = '1 mile'  | size: \"1 mile\" (expected: a size like 65536 or \"16MiB\")",
                "ratio = '2'      | ratio: a string (expected: a number)",
                "name = 2         | name: an integer (expected: a string)",
                "name = [1]       | name: an array (expected: a string)",
                "wait_time = '1y' | wait_time: \"1y\" (expected: seconds, or a time like \"500ms\")",
                "wait_time = nan  | wait_time: NaN s (expected: a time)",
                "wait_time = []   | wait_time: an array (expected: seconds, or a time like \"500ms\")",
                "path = ''        | path: \"\" (expected: a path)",
                "colour = 'green' | colour: \"green\" (expected: red or dark_blue)",
                "shape = '!'      | shape: \"!\" (expected: a shape)",
                "inner = 1        | inner: an integer (expected: a table)",
                "many = [1]       | many[0]: an integer (expected: a table)",
                "number = 101     | number: 101 (expected: at most 100)",
                "number = -9999999999999999999 |",
            })
    void refusesAWrongValueWithLineAndKey(String line, String message) {
        List<String> problems = problemsOf("\n[t]\n" + line.replace('\'', '"'));
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst()).startsWith("f:3:").endsWith(message == null ? "" : "t." + message);
    }

    @Test
    void reportsEveryProblemAtOnceInTheOrderOfTheFile() {
        assertThat(problemsOf("""
                top = 1
                [t]
                size = 2000
                number = 1000
                flog = true
                name = 3
                [t.inner]
                count = -1
                cuont = 1
                [[t.many]]
                count = "x"
                [[t.many]]
                zzz = 1
                count = -2
                [tt]
                [zebra]
                """))
                .containsExactly(
                        "f:1: top: unknown key",
                        "f:3: t.size: 2000 (expected: at most 1000)",
                        "f:4: t.number: 1000 (expected: at most 100)",
                        "f:5: t.flog: unknown key (did you mean \"flag\"?)",
                        "f:6: t.name: an integer (expected: a string)",
                        "f:8: t.inner.count: -1 (expected: 0 or more)",
                        "f:9: t.inner.cuont: unknown key (did you mean \"count\"?)",
                        "f:11: t.many[0].count: a string (expected: an integer)",
                        "f:13: t.many[1].zzz: unknown key",
                        "f:14: t.many[1].count: -2 (expected: 0 or more)",
                        "f:15: tt: unknown table (did you mean \"t\"?)",
                        "f:16: zebra: unknown table");
    }

    @Test
    void reportsARuleAboutSeveralKeysAtTheTable() {
        assertThat(problemsOf("[t]\nratio = 6\nflag = true"))
                .containsExactly("f:1: t: flag and a ratio above 5 do not go together");
    }

    @Test
    void reportsATableThatIsAValue() {
        assertThat(problemsOf("t = 5")).containsExactly("f:1: t: an integer (expected: a table)");
        assertThat(problemsOf("[[t]]\nnumber = 1")).containsExactly("f:1: t: an array (expected: a table)");
    }

    @Test
    void suggestsTheTableToWhichAKeyBelongs() {
        TomlBinder toml = TomlBinder.parse("f", "[a]\nnumber = 1\n[t]\n");
        toml.bind("a", Inner.defaults());
        toml.bind("t", BASE);
        assertThat(problems(toml)).containsExactly("f:2: a.number: unknown key (did you mean \"t.number\"?)");
    }

    @Test
    void acceptsWhatIsIgnored() {
        TomlBinder toml = TomlBinder.parse("f", "[x]\nanything = 1\n[x.y]\nz = 2");
        toml.ignore("x");
        toml.finish();
    }

    @Test
    void reportsWhatTheCallerFinds() {
        TomlBinder toml = TomlBinder.parse("f", "[t]\nnumber = 1\n[[t.many]]\n[[t.many]]\n[u]\n");
        toml.bind("t", BASE);
        toml.ignore("u");
        toml.problem("t.number", "no");
        toml.problem("t.name", "missing");
        toml.problem("t.many", 1, "odd");
        toml.problem("nowhere.at.all", "lost");
        assertThat(problems(toml))
                .containsExactly(
                        "f: nowhere.at.all: lost", "f:1: t.name: missing", "f:2: t.number: no", "f:4: t.many[1]: odd");
    }

    @Test
    void knowsLines() {
        TomlBinder toml = TomlBinder.parse("f", "\n[t]\nnumber = 1\nx = 5\n[[t.many]]\n");
        assertThat(toml.line("t.number")).isEqualTo(3);
        assertThat(toml.line("t.name")).isEqualTo(2);
        assertThat(toml.line("q.name")).isZero();
        assertThat(toml.line("t.many", 0)).isEqualTo(5);
        assertThat(toml.has("t.number.deeper")).isFalse();
        assertThat(toml.value("t.number")).contains(1L);
    }

    @Test
    void reportsSyntaxErrorsWithTheirLines() {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> TomlBinder.parse("f", "[t]\nx = = 1\n\ny = \n"));
        assertThat(refused.problems()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(refused.problems().getFirst()).startsWith("f:2: ");
        assertThat(refused.problems().getLast()).startsWith("f:4: ");
    }

    @Test
    void reportsAKeyGivenTwice() {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> TomlBinder.parse("f", "[t]\nx = 1\nx = 2\n"));
        assertThat(refused.problems()).hasSize(1);
        assertThat(refused.problems().getFirst()).startsWith("f:3: ").contains("x");
    }

    @Test
    void reportsAFileOfCommentsAsEmpty() {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> TomlBinder.parse("f", "# [rtmp]\n"));
        assertThat(refused.problems()).containsExactly("f: empty (expected: TOML tables such as [rtmp])");
    }

    @Test
    void survivesDeepNesting() {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> TomlBinder.parse("f", "x = " + "[".repeat(10_000)));
        assertThat(refused.problems()).isNotEmpty();
    }

    private static List<String> problemsOf(String text) {
        TomlBinder toml;
        try {
            toml = TomlBinder.parse("f", text);
        } catch (ConfigException e) {
            return e.problems();
        }
        toml.bind("t", BASE);
        return problems(toml);
    }

    private static List<String> problems(TomlBinder toml) {
        return catchThrowableOfType(ConfigException.class, toml::finish).problems();
    }
}
