package xiu.medialog.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyFramesTest {
    private final KeyFrames keys = new KeyFrames();

    @Test
    void hasNoneAtFirstAndNoneWhenAllAreForgotten() {
        assertThat(keys.fromNewest(1)).isEqualTo(-1);
        keys.add(7);
        keys.forgetBefore(8);
        assertThat(keys.fromNewest(1)).isEqualTo(-1);
    }

    @Test
    void countsFromTheNewestAndStopsAtTheOldest() {
        keys.add(3);
        keys.add(9);
        assertThat(keys.fromNewest(1)).isEqualTo(9);
        assertThat(keys.fromNewest(2)).isEqualTo(3);
        assertThat(keys.fromNewest(64)).isEqualTo(3);
    }

    @Test
    void answersLikeAListWhateverComesAndGoes() {
        Random random = new Random(1);
        List<Long> list = new ArrayList<>();
        long sequence = 0;
        for (int i = 0; i < 5_000; i++) {
            sequence += 1 + random.nextInt(5);
            keys.add(sequence);
            list.add(sequence);
            if (random.nextInt(20) == 0) {
                long head = list.get(random.nextInt(list.size()));
                keys.forgetBefore(head);
                list.removeIf(s -> s < head);
            }
            int n = 1 + random.nextInt(65);
            assertThat(keys.fromNewest(n)).isEqualTo(list.get(Math.max(0, list.size() - n)));
        }
    }

    @Test
    void keepsSixtyFiveAtLeastAndNotEverything() {
        for (int i = 0; i < 1_000; i++) {
            keys.add(i);
        }
        assertThat(keys.fromNewest(65)).isEqualTo(935);
        assertThat(keys.fromNewest(1_000)).isEqualTo(872);
    }
}
