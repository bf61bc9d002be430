package xiu.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private enum Reason {
        NOT_FOUND,
        BUSY
    }

    private final Registry registry = new Registry();

    private List<Metric.Value> values(String name) {
        return registry.read().stream()
                .filter(metric -> metric.definition().name().equals(name))
                .findFirst()
                .orElseThrow()
                .values();
    }

    private double value(String name) {
        assertThat(values(name)).hasSize(1);
        return values(name).getFirst().number();
    }

    @Test
    void aNumberIsThatOfTheMomentWhenItIsRead() {
        Counter counter = new Counter();
        AtomicLong open = new AtomicLong(3);
        registry.counter("xiu_things_total", "Things so far", counter);
        registry.gauge("xiu_things", "Things of now", open::get);
        counter.increment();
        counter.add(4);
        assertThat(value("xiu_things_total")).isEqualTo(5);
        assertThat(value("xiu_things")).isEqualTo(3);
        open.set(2);
        counter.increment();
        assertThat(value("xiu_things_total")).isEqualTo(6);
        assertThat(value("xiu_things")).isEqualTo(2);
    }

    @Test
    void kindsAreLabels() {
        CounterGroup<Reason> refusals = new CounterGroup<>();
        registry.counters("xiu_refusals_total", "Refusals", "reason", refusals);
        assertThat(values("xiu_refusals_total")).isEmpty();
        refusals.increment(Reason.NOT_FOUND);
        refusals.add(Reason.BUSY, 2);
        refusals.increment(Reason.BUSY);
        assertThat(refusals.count(Reason.BUSY)).isEqualTo(3);
        assertThat(values("xiu_refusals_total"))
                .containsExactlyInAnyOrder(
                        new Metric.Value(List.of("not_found"), 1), new Metric.Value(List.of("busy"), 3));
    }

    @Test
    void kindsThatAreTooManyAreCountedTogether() {
        CounterGroup<String> kinds = new CounterGroup<>();
        registry.counters("xiu_kinds_total", "Kinds", "kind", kinds);
        for (int i = 0; i < CounterGroup.MOST + 7; i++) {
            kinds.increment("kind" + i);
        }
        assertThat(values("xiu_kinds_total"))
                .hasSize(CounterGroup.MOST + 1)
                .contains(new Metric.Value(List.of("other"), 7));
    }

    @Test
    void severalSourcesOfOneMetricAreReadOneAfterTheOther() {
        for (String listener : List.of("a", "b")) {
            registry.gauges("xiu_open", "Open ones", List.of("listener"), values -> values.add(1, listener));
        }
        assertThat(values("xiu_open")).extracting(Metric.Value::labels).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void twoMeaningsOfOneNameAreAMistake() {
        registry.gauge("xiu_open", "Open ones", () -> 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.gauge("xiu_open", "Those that are open", () -> 1))
                .withMessageContaining("xiu_open");
    }

    @Test
    void namesFollowTheConvention() {
        for (String name : List.of("open", "xiu_Open", "xiu_", "xiu__open", "xiu_open-ones", "xiu_open_total")) {
            assertThatIllegalArgumentException().isThrownBy(() -> registry.gauge(name, "Open ones", () -> 1));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> registry.counter("xiu_opened", "Opened", () -> 1));
        assertThatIllegalArgumentException().isThrownBy(() -> registry.gauge("xiu_open", " ", () -> 1));
        assertThatIllegalArgumentException().isThrownBy(() -> registry.gauge("xiu_open", "Two\nlines", () -> 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.gauges("xiu_open", "Open", List.of("le gal"), values -> {}));
    }

    @Test
    void aSourceThatThrowsCostsNobodyElseAnything() {
        registry.gauge("xiu_broken", "Broken", () -> {
            throw new OutOfMemoryError("planted");
        });
        registry.gauges("xiu_careless", "Without its label", List.of("kind"), values -> values.add(1));
        registry.gauge("xiu_whole", "Whole", () -> 7);
        assertThat(values("xiu_broken")).isEmpty();
        assertThat(value("xiu_whole")).isEqualTo(7);
        // By name: the count of faults is read before "xiu_whole", and after those of the earlier readings.
        assertThat(value("xiu_metrics_faults_total")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void aMetricHasABoundedNumberOfValues() {
        registry.gauges("xiu_many", "Many", List.of("number"), values -> {
            for (int i = 0; i < Registry.MOST_VALUES + 5; i++) {
                values.add(i, Integer.toString(i));
            }
        });
        assertThat(values("xiu_many")).hasSize(Registry.MOST_VALUES);
        registry.read();
        assertThat(value("xiu_metrics_values_left_out_total")).isGreaterThanOrEqualTo(10);
    }

    @Test
    void metricsComeInTheOrderOfTheirNames() {
        registry.gauge("xiu_b", "B", () -> 1);
        registry.gauge("xiu_a", "A", () -> 1);
        List<String> names =
                registry.definitions().stream().map(Metric.Definition::name).toList();
        assertThat(names).isSorted().contains("xiu_a", "xiu_b");
        List<String> read = new ArrayList<>();
        registry.read().forEach(metric -> read.add(metric.definition().name()));
        assertThat(read).isEqualTo(names);
    }

    @Test
    void aConfinedCounterIsSeenByOtherThreads() throws InterruptedException {
        ConfinedCounter counter = new ConfinedCounter();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 1_000; i++) {
                counter.increment();
            }
            counter.add(24);
        });
        long last = 0;
        while (last < 1_024) {
            long now = counter.value();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
        writer.join();
        assertThat(counter.value()).isEqualTo(1_024);
    }
}
