package xiu.service.relay;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;

/** The relay thread of a test: runs on the test's own thread, with a clock that stands until it is moved. */
final class RelayThread {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    RelayThread() {
        channel.freezeTime();
    }

    EventLoop executor() {
        return channel.eventLoop();
    }

    void run() {
        channel.runPendingTasks();
    }

    void advance(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
    }

    long nanoTime() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
