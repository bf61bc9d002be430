package xiu.transport.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xiu.transport.StartException;

/**
 * Connects to a host by name. Resolves it, and does other preparations that may block, on a thread of its own, because
 * a slow name server must not stop an event loop. Then tries one address after the other until one answers. Confined to
 * the event loop otherwise.
 */
public final class HostConnector {
    private final Bootstrap bootstrap;
    private final EventLoop loop;
    private final String host;
    private final int port;
    private final Runnable before;
    private final Consumer<Throwable> failed;
    private @Nullable Channel channel;
    private boolean over;

    /**
     * A connector that is not started.
     *
     * @param bootstrap whose group is {@code loop}
     * @param before may block; runs before the first connection
     * @param failed called on the loop when that fails or no address answers
     */
    public HostConnector(
            Bootstrap bootstrap, EventLoop loop, String host, int port, Runnable before, Consumer<Throwable> failed) {
        this.bootstrap = bootstrap;
        this.loop = loop;
        this.host = host;
        this.port = port;
        this.before = before;
        this.failed = failed;
    }

    /** Begins. A connection that is made is the bootstrap's handler's. */
    public void start() {
        Thread.ofVirtual().name("resolve-" + host).start(this::resolve);
    }

    private void resolve() {
        try {
            List<InetAddress> found = List.of(InetAddress.getAllByName(host));
            before.run();
            execute(() -> tryNext(found));
        } catch (StartException e) {
            execute(() -> fail(e));
        } catch (UnknownHostException e) {
            execute(() -> fail(new UnknownHostException(host + ": no such host")));
        }
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The server has stopped in the meantime.
        }
    }

    private void tryNext(List<InetAddress> left) {
        if (over) {
            return;
        }
        var connecting = bootstrap.connect(left.getFirst(), port);
        channel = connecting.channel();
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                return;
            }
            if (left.size() > 1) {
                tryNext(left.subList(1, left.size()));
            } else {
                fail(done.cause());
            }
        });
    }

    private void fail(Throwable cause) {
        if (!over) {
            over = true;
            failed.accept(cause);
        }
    }

    /** Closes what is open and opens nothing more; {@code failed} is not called. */
    public void close() {
        over = true;
        if (channel != null) {
            channel.close();
        }
    }
}
