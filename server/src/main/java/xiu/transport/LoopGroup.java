package xiu.transport;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;

/** Event loops that close their channels before they end, and tell the handlers, whenever they are told to end. */
final class LoopGroup extends MultiThreadIoEventLoopGroup {
    LoopGroup(String name, int count, IoHandlerFactory handlers) {
        super(count, new DefaultThreadFactory(name), handlers);
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
         * Netty closes the channels when it sees, having looked at the sockets, that the loop is to end; without a quiet
         * period one that is told so right after that would end with its channels open.
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
