package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import xiu.transport.Service;

class ServicesTest {
    private final Services services = new Services();
    private final List<String> stopped = new ArrayList<>();

    private record Part(Runnable begin, Supplier<CompletionStage<Void>> end) implements Service {
        @Override
        public void start() {
            begin.run();
        }

        @Override
        public CompletionStage<Void> stop() {
            return end.get();
        }
    }

    private Supplier<CompletionStage<Void>> noted(String name) {
        return () -> {
            stopped.add(name);
            return CompletableFuture.completedFuture(null);
        };
    }

    @Test
    void aPartThatFailsToStopDoesNotKeepTheOthersRunning() {
        Supplier<CompletionStage<Void>> faulty = () -> {
            throw new StackOverflowError("planted");
        };
        services.start("first", new Part(() -> {}, noted("first")));
        services.start("faulty", new Part(() -> {}, faulty));
        services.start(
                "failing", new Part(() -> {}, () -> CompletableFuture.failedFuture(new LinkageError("planted"))));
        services.start("silent", new Part(() -> {}, CompletableFuture::new));
        services.start("last", new Part(() -> {}, noted("last")));
        services.stop(100);
        assertThat(stopped).containsExactly("last", "first");
    }

    @Test
    void aPartThatFailsToStartIsNotStopped() {
        services.start("first", new Part(() -> {}, noted("first")));
        Part faulty = new Part(
                () -> {
                    throw new StackOverflowError("planted");
                },
                noted("faulty"));
        assertThatThrownBy(() -> services.start("faulty", faulty)).hasMessage("planted");
        services.stop(100);
        assertThat(stopped).containsExactly("first");
    }
}
