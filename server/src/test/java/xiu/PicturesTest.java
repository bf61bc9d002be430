package xiu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** The drawn pictures of the documents can be shown anywhere, say nothing of the machine that drew them, and are shown. */
class PicturesTest {
    /** A path from the root: not what follows a host, a word, a sign of markup or another slash. */
    private static final Pattern ABSOLUTE_PATH = Pattern.compile("(?<![\\w:/<.])/\\w[\\w.-]*/");

    private static final List<Path> PICTURES = Repository.files("docs", ".svg");

    @Test
    void theyAreWellFormed() throws IOException, ParserConfigurationException, SAXException {
        assertThat(PICTURES).hasSizeGreaterThanOrEqualTo(5);
        for (Path picture : PICTURES) {
            Document svg =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(picture.toFile());
            assertThat(svg.getDocumentElement().getTagName()).as("%s", picture).isEqualTo("svg");
            assertThat(svg.getDocumentElement().getAttribute("viewBox"))
                    .as("%s", picture)
                    .matches("0 0 [1-9]\\d* [1-9]\\d*");
        }
    }

    @Test
    void theyNameNoPlaceOnAMachine() {
        assertThat(PICTURES)
                .allSatisfy(picture -> assertThat(Repository.read(picture)).doesNotContainPattern(ABSOLUTE_PATH));
    }

    @Test
    void aDocumentShowsEach() {
        List<Path> documents = Repository.files("", ".md");
        assertThat(PICTURES)
                .allSatisfy(picture -> assertThat(documents)
                        .anyMatch(document -> Repository.read(document)
                                .contains("](" + document.getParent().relativize(picture) + ")")));
    }
}
