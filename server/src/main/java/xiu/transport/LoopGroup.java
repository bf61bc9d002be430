package xiu.transport;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * Event loops that close their channels, and thereby notify the handlers, before they end, at whatever moment they are
 * asked to end.
 */
final class LoopGroup extends MultiThreadIoEventLoopGroup {
    /** Of its loops that have delivered something. */
    private final List<FanOut> fanOuts = new CopyOnWriteArrayList<>();

    LoopGroup(String name, int count, IoHandlerFactory handlers) {
        super(count, new DefaultThreadFactory(name), handlers);
    }

    /** One of its loops delivers from now on. */
    void add(FanOut fanOut) {
        fanOuts.add(fanOut);
    }

    List<FanOut> fanOuts() {
        return fanOuts;
    }

    @Override
    protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... unused) {
        return new Loop(this, executor, handlers);
    }

    private static final class Loop extends SingleThreadIoEventLoop {
        Loop(IoEventLoopGroup group, Executor executor, IoHandlerFactory handlers) {
            super(group, executor, handlers);
        }

        /**
         * Netty closes the channels only when a loop sees, after polling the sockets, that it is to end. Without a
         * quiet period, a loop that is asked right after that poll would end with its channels open.
         */
        @Override
        protected boolean confirmShutdown() {
            if (isShuttingDown() && !isShutdown()) {
                ioHandler().prepareToDestroy();
            }
            return super.confirmShutdown();
        }
    }
}
