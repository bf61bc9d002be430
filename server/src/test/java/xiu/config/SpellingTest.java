package xiu.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> WORDS = List.of("rtmp", "httpflv", "hls", "port", "gop_num", "need_record");

    @Test
    void findsTheNearestWord() {
        assertThat(Spelling.nearest("rtpm", WORDS)).isEqualTo("rtmp");
        assertThat(Spelling.nearest("http_flv", WORDS)).isEqualTo("httpflv");
        assertThat(Spelling.nearest("gopnum", WORDS)).isEqualTo("gop_num");
        assertThat(Spelling.nearest("needrecords", WORDS)).isEqualTo("need_record");
    }

    @Test
    void suggestsNothingWhenNothingIsNear() {
        assertThat(Spelling.nearest("colour", WORDS)).isNull();
        assertThat(Spelling.nearest("x", WORDS)).isNull();
    }

    @Test
    void countsASwapOnce() {
        assertThat(Spelling.distance("ab", "ba")).isEqualTo(1);
        assertThat(Spelling.distance("", "abc")).isEqualTo(3);
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
    }
}
