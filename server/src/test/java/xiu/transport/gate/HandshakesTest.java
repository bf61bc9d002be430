package xiu.transport.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HandshakesTest {
    private final Handshakes<Object> handshakes = new Handshakes<>();

    private record Entry(String address, Object connection) {}

    private Object enter(String address) {
        Object connection = new Object();
        handshakes.enter(address, connection);
        return connection;
    }

    @Test
    void theOldestOfTheAddressWithTheMostGoesFirst() {
        Object single = enter("a");
        Object first = enter("b");
        Object second = enter("b");
        Object third = enter("b");
        assertThat(handshakes.removeOldestOfWorst()).isSameAs(first);
        assertThat(handshakes.removeOldestOfWorst()).isSameAs(second);
        assertThat(handshakes.removeOldestOfWorst()).isSameAs(single);
        assertThat(handshakes.removeOldestOfWorst()).isSameAs(third);
        assertThat(handshakes.removeOldestOfWorst()).isNull();
        assertThat(handshakes.size()).isZero();
        assertThat(handshakes.addresses()).isZero();
    }

    @Test
    void whoHasFinishedCountsNoMore() {
        Object gone = enter("a");
        Object stays = enter("a");
        Object other = enter("b");
        assertThat(handshakes.leave("a", gone)).isTrue();
        assertThat(handshakes.leave("a", gone)).isFalse();
        assertThat(handshakes.leave("nobody", gone)).isFalse();
        assertThat(handshakes.of("a")).isEqualTo(1);
        // Of equals, the address that has had so many for the longest.
        assertThat(handshakes.removeOldestOfWorst()).isSameAs(other);
        assertThat(handshakes.removeOldestOf("a")).isSameAs(stays);
        assertThat(handshakes.removeOldestOf("a")).isNull();
    }

    @Test
    void repeatingChangesNothing() {
        Object connection = enter("a");
        handshakes.enter("a", connection);
        assertThat(handshakes.size()).isEqualTo(1);
    }

    /** Against a list that is searched from the beginning each time. */
    @Test
    void anyOrderGivesWhatASearchWouldFind() {
        Random random = new Random(7);
        List<Entry> model = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            int dice = random.nextInt(10);
            if (dice < 5) {
                String address = "a" + random.nextInt(1 + random.nextInt(20));
                model.add(new Entry(address, enter(address)));
            } else if (dice < 8 && !model.isEmpty()) {
                Entry gone = model.remove(random.nextInt(model.size()));
                assertThat(handshakes.leave(gone.address, gone.connection)).isTrue();
            } else if (!model.isEmpty()) {
                removeWorst(model);
            }
            assertThat(handshakes.size()).isEqualTo(model.size());
        }
    }

    private void removeWorst(List<Entry> model) {
        Map<String, Long> counts = model.stream().collect(Collectors.groupingBy(Entry::address, Collectors.counting()));
        long most = Collections.max(counts.values());
        Object removed = handshakes.removeOldestOfWorst();
        Entry entry = model.stream()
                .filter(known -> known.connection == removed)
                .findFirst()
                .orElseThrow();
        assertThat(counts.get(entry.address)).isEqualTo(most);
        Entry oldest = model.stream()
                .filter(known -> known.address.equals(entry.address))
                .findFirst()
                .orElseThrow();
        assertThat(entry).isEqualTo(oldest);
        model.remove(entry);
    }
}
