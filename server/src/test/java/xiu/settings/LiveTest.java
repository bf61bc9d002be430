package xiu.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveTest {
    private record Inner(int least) {}

    private record Outer(Inner inner, String name) {}

    private final Live<Outer> live = Live.of(new Outer(new Inner(1), "a"));
    private final List<Object> told = new ArrayList<>();

    @Test
    void listenersSeeTheNewRecordWhenTheyAreTold() {
        live.onChange(next -> told.add(next == live.now() ? next.name() : "not yet there"));
        live.set(new Outer(new Inner(1), "b"));
        assertThat(told).containsExactly("b");
        assertThat(live.now().name()).isEqualTo("b");
    }

    @Test
    void equalSettingsAreNoChange() {
        Outer before = live.now();
        live.onChange(told::add);
        live.set(new Outer(new Inner(1), "a"));
        assertThat(told).isEmpty();
        assertThat(live.now()).isSameAs(before);
    }

    @Test
    void aPartFollowsAndTellsOnlyOfItsOwnChanges() {
        Live<Inner> inner = live.part(Outer::inner);
        inner.onChange(told::add);
        live.set(new Outer(new Inner(1), "b"));
        assertThat(told).isEmpty();
        live.set(new Outer(new Inner(2), "b"));
        assertThat(told).containsExactly(new Inner(2));
        assertThat(inner.now()).isEqualTo(new Inner(2));
    }

    @Test
    void aPartOfAPartFollowsToo() {
        Live<Integer> least = live.part(Outer::inner).part(Inner::least);
        live.set(new Outer(new Inner(7), "a"));
        assertThat(least.now()).isEqualTo(7);
    }

    @Test
    void aListenerThatFailsKeepsNobodyElseFromBeingTold() {
        live.onChange(next -> {
            throw new IllegalStateException("first");
        });
        live.onChange(next -> {
            throw new StackOverflowError("second");
        });
        live.onChange(told::add);
        assertThatThrownBy(() -> live.set(new Outer(new Inner(2), "a")))
                .hasRootCauseMessage("first")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThat(told).hasSize(1);
        assertThat(live.now().inner().least()).isEqualTo(2);
    }
}
