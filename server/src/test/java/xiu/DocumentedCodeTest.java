package xiu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import xiu.check.MarkdownBlock;

/**
 * Code in the documents is the code of the sources: the first line of a Java block names a file, and the lines below it
 * stand there as they are, but for their indentation.
 */
class DocumentedCodeTest {
    private static final String PLACE = "// ";

    @Test
    void everyBlockStandsInItsFile() {
        List<MarkdownBlock> blocks = Repository.files("", ".md").stream()
                .flatMap(document -> MarkdownBlock.in(document).stream())
                .filter(block -> block.language().equals("java"))
                .toList();
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(3).allSatisfy(DocumentedCodeTest::check);
    }

    private static void check(MarkdownBlock block) {
        List<String> lines = block.text().lines().toList();
        assertThat(lines.getFirst())
                .as("%s: the first line names the file", block.place())
                .startsWith(PLACE);
        Path source = Repository.root().resolve(lines.getFirst().substring(PLACE.length()));
        assertThat(source).as(block.place()).exists();
        String shown = withoutIndentation(lines.subList(1, lines.size()));
        assertThat(shown).as(block.place()).isNotBlank();
        assertThat(withoutIndentation(Repository.read(source).lines().toList()))
                .as(block.place())
                .contains(shown);
    }

    private static String withoutIndentation(List<String> lines) {
        return lines.stream().map(String::strip).collect(Collectors.joining("\n"));
    }
}
