package xiu.protocol.rtmp.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import xiu.stream.AccessPolicy.Access;
import xiu.stream.AccessRequest;
import xiu.stream.StreamHub;
import xiu.stream.settings.StreamSettings;

/** A hub whose policy writes down what it is asked, and answers as it is told; everything is granted at first. */
final class AskingHub implements AutoCloseable {
    final List<AccessRequest> asked = new ArrayList<>();
    CompletableFuture<Access> answer = CompletableFuture.completedFuture(Access.GRANTED);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    final StreamHub hub = new StreamHub(
            StreamSettings.defaults(),
            request -> {
                asked.add(request);
                return answer;
            },
            timer);

    /** Ends its streams, and the test's peers. */
    @Override
    public void close() {
        hub.stop();
        TestPeer.closeAll();
        timer.shutdownNow();
    }
}
