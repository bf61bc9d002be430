package xiu.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A fenced block of a Markdown document.
 *
 * @param place document and line, for messages
 * @param language what stands behind the opening fence
 */
public record MarkdownBlock(String place, String language, String text) {
    private static final String FENCE = "```";

    /** The blocks of a document, in order. */
    public static List<MarkdownBlock> in(Path document) {
        List<MarkdownBlock> found = new ArrayList<>();
        List<String> lines = lines(document);
        for (int first = 0; first < lines.size(); first++) {
            if (lines.get(first).startsWith(FENCE)) {
                int end = first + 1;
                while (!lines.get(end).equals(FENCE)) {
                    end++;
                }
                found.add(new MarkdownBlock(
                        document.getFileName() + ":" + (first + 1),
                        lines.get(first).substring(FENCE.length()),
                        String.join("\n", lines.subList(first + 1, end)) + "\n"));
                first = end;
            }
        }
        return found;
    }

    private static List<String> lines(Path document) {
        try {
            return Files.readAllLines(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
