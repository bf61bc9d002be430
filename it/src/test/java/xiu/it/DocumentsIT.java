package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import xiu.check.MarkdownBlock;

/** What the documents tell ffmpeg and ffplay to do is done, as it stands there but for the ports. */
class DocumentsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Path home = Workspace.temporary("documents");
    private final DocumentedPorts ports = new DocumentedPorts();
    private final CommandLineTools shell = new CommandLineTools(home);

    @Test
    void theCommandsPublishAndPlay() throws IOException {
        Files.createSymbolicLink(home.resolve("test.mp4"), TestClips.avcAac());
        List<String> played = new ArrayList<>();
        try (XiuProcess server = XiuProcess.start(ports.in("""
                [rtmp]
                port = 1935
                [httpflv]
                port = 8081
                [hls]
                port = 8080
                """))) {
            for (MarkdownBlock block : blocks()) {
                List<String> lines = block.text().lines().toList();
                if (block.language().equals("sh") && lines.getFirst().startsWith("ffmpeg ")) {
                    played.addAll(publishAndPlay(server, block.place(), lines));
                }
            }
        }
        assertThat(played).hasSizeGreaterThanOrEqualTo(3);
    }

    private static List<MarkdownBlock> blocks() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Workspace.root().resolve("README.md")));
        try (Stream<Path> below = Files.walk(Workspace.root().resolve("docs"))) {
            below.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
        return documents.stream()
                .flatMap(document -> MarkdownBlock.in(document).stream())
                .toList();
    }

    /** The first line publishes, all others play. */
    private List<String> publishAndPlay(XiuProcess server, String place, List<String> lines) {
        try (ExternalProcess publisher = shell.start(ports.in(lines.getFirst()))) {
            server.awaitLog("event=publish .*stream=live/test", SOON);
            List<String> players = lines.subList(1, lines.size());
            for (String line : players) {
                assertThat(line).as(place).startsWith("ffplay ");
                try (ExternalProcess player = shell.start(ports.in(line))) {
                    int exit = player.awaitExit(SOON);
                    assertThat(exit)
                            .as(() -> player.describe(place + ": " + line))
                            .isZero();
                }
            }
            assertThat(publisher.isAlive()).isTrue();
            return players;
        }
    }
}
