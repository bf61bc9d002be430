package xiu;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A link or picture in a Markdown document. */
record MarkdownLink(Path document, String target) {
    private static final Pattern LINK =
            Pattern.compile("\\]\\(([^)\\s]+)(?:\\s+\"[^\"]*\")?\\)|(?:src|href)=\"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]*`");

    static List<MarkdownLink> in(Path document) {
        String prose = CODE.matcher(Repository.read(document)).replaceAll("");
        return LINK.matcher(prose)
                .results()
                .map(match -> match.group(1) != null ? match.group(1) : match.group(2))
                .map(target -> new MarkdownLink(document, target))
                .toList();
    }

    /** True when the file and the heading exist, or when the link leaves the repository: the network is not asked. */
    boolean resolves() {
        if (target.matches("[a-z]+:.*")) {
            return true;
        }
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty()
                ? document
                : document.resolveSibling(parts[0]).normalize();
        if (!Files.exists(file)) {
            return false;
        }
        return parts.length == 1 || anchors(file).contains(parts[1]);
    }

    private static List<String> anchors(Path file) {
        return Repository.read(file)
                .lines()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceFirst("#+ +", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }
}
