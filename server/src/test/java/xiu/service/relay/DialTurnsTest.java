package xiu.service.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialTurnsTest {
    private final RelayThread thread = new RelayThread();
    private final DialTurns turns = new DialTurns(thread.executor(), thread::nanoTime);
    private final List<Object> dialled = new ArrayList<>();

    private DialTurns.Turn ask(Object asker) {
        DialTurns.Turn turn = turns.ask(asker, () -> dialled.add(asker));
        turns.serve();
        return turn;
    }

    /** Time as it goes by, and not in one leap. */
    private void pass(int millis) {
        for (int i = 0; i < millis; i++) {
            thread.advance(1);
        }
    }

    @Test
    void oneDialsAtOnce() {
        ask("a");
        assertThat(dialled).containsExactly("a");
    }

    @Test
    void oneAskerHasItsShareAndOthersHaveTheirs() {
        List<DialTurns.Turn> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(ask("crowd"));
        }
        assertThat(dialled).hasSize(DialTurns.OF_ONE_ASKER);
        ask("b");
        assertThat(dialled.getLast()).isEqualTo("b");
        many.getFirst().end();
        many.getFirst().end();
        assertThat(dialled).hasSize(DialTurns.OF_ONE_ASKER + 2).last().isEqualTo("crowd");
    }

    @Test
    void soManyAtOnceAndThenInTurn() {
        List<DialTurns.Turn> first = new ArrayList<>();
        for (int asker = 0; asker < 8; asker++) {
            for (int i = 0; i < 100; i++) {
                first.add(ask(asker));
            }
        }
        pass(10_000);
        assertThat(dialled).hasSize(DialTurns.AT_ONCE);
        dialled.clear();
        for (int i = 0; i < 8; i++) {
            first.get(i).end();
        }
        assertThat(dialled).hasSize(8);
    }

    @Test
    void soManyInASecondHoweverSoonTheyEnd() {
        for (int i = 0; i < 5_000; i++) {
            DialTurns.Turn[] turn = new DialTurns.Turn[1];
            turn[0] = turns.ask(i % 100, () -> {
                dialled.add(turn);
                turn[0].end();
            });
            turns.serve();
        }
        assertThat(dialled).hasSizeLessThanOrEqualTo(64);
        int before = dialled.size();
        pass(1_000);
        assertThat(dialled.size() - before).isBetween(DialTurns.PER_SECOND - 5, DialTurns.PER_SECOND + 5);
        pass(30_000);
        assertThat(dialled).hasSize(5_000);
    }

    @Test
    void whoDoesNotWaitAnyMoreHasNoTurn() {
        List<DialTurns.Turn> many = new ArrayList<>();
        for (int i = 0; i < DialTurns.OF_ONE_ASKER + 2; i++) {
            many.add(ask("a"));
        }
        many.get(DialTurns.OF_ONE_ASKER).end();
        many.getFirst().end();
        assertThat(dialled).hasSize(DialTurns.OF_ONE_ASKER + 1);
        many.forEach(DialTurns.Turn::end);
        assertThat(dialled).hasSize(DialTurns.OF_ONE_ASKER + 1);
    }

    @Test
    void afterTheEndNobodyHasATurn() {
        turns.close();
        ask("a");
        assertThat(dialled).isEmpty();
    }
}
