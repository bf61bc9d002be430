package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xiu.Repository;
import xiu.check.MarkdownBlock;
import xiu.config.ConfigException;
import xiu.server.settings.SettingsFile;
import xiu.transport.tls.CertificateFiles;
import xiu.transport.tls.TestCertificates;

/**
 * What the documents show is true: each fenced block has a language, and each language is checked. What ffmpeg and ffplay
 * are told to do is run by the integration tests.
 */
class DocumentedBlocksTest {
    /** The file that the messages in docs/configuration.md are about. */
    private static final String FAULTY =
            "\n[rtmp]\nport = 1935\n\ngopnum = 1\n" + "\n".repeat(15) + "[hls]\nport = 1935\n";

    private static final Pattern CERTIFICATE = Pattern.compile("(?m)^(cert|key) = \"[^\"]*\"");

    private final Map<String, Consumer<MarkdownBlock>> handlers = Map.of(
            "toml",
            this::checkSettings,
            "text",
            this::checkText,
            "sh",
            this::checkShell,
            // DocumentedCodeTest compares these with the sources.
            "java",
            block -> {});

    private final Map<String, Consumer<String>> commands = Map.of(
            "git", line -> {},
            "ffmpeg", line -> {},
            "ffplay", line -> {},
            "./xiu", DocumentedBlocksTest::checkUsage,
            "xiu", DocumentedBlocksTest::checkUsage,
            "openssl", line -> {},
            "mvn", line -> {});

    @TempDir
    Path folder;

    @Test
    void everyBlockIsTrue() {
        List<MarkdownBlock> blocks = Repository.files("", ".md").stream()
                .flatMap(document -> MarkdownBlock.in(document).stream())
                .toList();
        assertThat(blocks).hasSizeGreaterThan(5);
        for (MarkdownBlock block : blocks) {
            Consumer<MarkdownBlock> handler = handlers.get(block.language());
            assertThat(handler)
                    .as("%s: language \"%s\" (expected: one of %s)", block.place(), block.language(), handlers.keySet())
                    .isNotNull();
            handler.accept(block);
        }
    }

    @Test
    void commandsInTheProseAreUnderstood() {
        List<String> found = new ArrayList<>();
        for (Path document : Repository.files("", ".md")) {
            String text = Repository.read(document);
            Pattern.compile("`(?:\\./)?xiu ([^`]*)`").matcher(text).results().forEach(command -> {
                found.add(command.group(1));
                // A subcommand that is spoken of, not called.
                if (!command.group(1).equals("check")) {
                    Arguments.parse(command.group(1).split(" "));
                }
            });
            Pattern.compile("-D(?:it\\.)?test=(\\w+)").matcher(text).results().forEach(test -> {
                found.add(test.group(1));
                assertThat(test.group(1).equals("none") || isTest(test.group(1)))
                        .as("%s: %s", document, test.group())
                        .isTrue();
            });
        }
        assertThat(found).contains("check config.toml", "AmfTest");
    }

    private void checkSettings(MarkdownBlock block) {
        // A certificate that the reader has stands for one that is here.
        String text = CERTIFICATE
                .matcher(block.text())
                .replaceAll(key -> key.group(1) + " = \"" + certificate(key.group(1)) + "\"");
        SettingsFile.load(block.place(), text);
    }

    private Path certificate(String key) {
        CertificateFiles files = TestCertificates.example(folder);
        return key.equals("cert") ? files.cert() : files.key();
    }

    /** Pictures, how to call Xiu, and what it answers. */
    private void checkText(MarkdownBlock block) {
        List<String> messages =
                block.text().lines().filter(line -> line.startsWith("xiu: ")).toList();
        if (!messages.isEmpty()) {
            List<String> problems = catchThrowableOfType(
                            ConfigException.class, () -> SettingsFile.load("config.toml", FAULTY))
                    .problems();
            assertThat(messages)
                    .as(block.place())
                    .isEqualTo(
                            problems.stream().map(problem -> "xiu: " + problem).toList());
        }
        block.text().lines().filter(line -> line.matches("xiu( .*)?")).forEach(DocumentedBlocksTest::checkUsage);
    }

    /** The part before a wide gap is the command; the words in capitals stand for what the user has. */
    private static void checkUsage(String line) {
        String command = line.split(" {2,}|&")[0].strip();
        for (String port = "PORT"; command.contains(port); ) {
            command = command.replaceFirst(port, Integer.toString(5000 + command.indexOf(port)));
        }
        String[] words = command.replace("LEVEL", "info").split(" ");
        Arguments.parse(List.of(words).subList(1, words.length).toArray(String[]::new));
    }

    private void checkShell(MarkdownBlock block) {
        for (String line : block.text().lines().toList()) {
            String word = line.split(" ")[0];
            if (word.matches("[A-Z_]+=.*")) {
                assertThat(Repository.read(Repository.root().resolve("benchmarks/servers.sh")))
                        .as("%s: %s is read by servers.sh", block.place(), word)
                        .containsPattern("\\b" + word.substring(0, word.indexOf('=')) + "\\b");
            } else if (word.endsWith(".sh")) {
                checkScript(block, line);
            } else {
                assertThat(commands).as("%s: %s", block.place(), line).containsKey(word);
                commands.get(word).accept(line);
            }
        }
    }

    /** A script that is there, with options that it or the program behind it knows. */
    private static void checkScript(MarkdownBlock block, String line) {
        String[] words = line.split(" ");
        Path script = Repository.root().resolve(words[0]);
        assertThat(script).as(block.place()).exists();
        String known =
                Repository.read(script) + Repository.read(Repository.root().resolve("benchmarks/native/options.c"));
        for (String word : words) {
            assertThat(!word.startsWith("--") || known.contains(word.substring(2)))
                    .as("%s: %s", block.place(), word)
                    .isTrue();
        }
    }

    private static boolean isTest(String name) {
        return Stream.of("server", "it")
                .flatMap(module -> Repository.files(module + "/src/test/java", ".java").stream())
                .anyMatch(file -> Files.exists(file.resolveSibling(name + ".java")));
    }
}
