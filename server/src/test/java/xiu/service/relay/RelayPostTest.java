package xiu.service.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RelayPostTest {
    @Test
    void newsThatComeAfterTheEndAreNoFault() throws Exception {
        AtomicInteger told = new AtomicInteger();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        RelayPost.post(thread, told::incrementAndGet);
        thread.shutdown();
        assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        RelayPost.post(thread, told::incrementAndGet);
        assertThat(told).hasValue(1);
    }
}
