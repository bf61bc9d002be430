package xiu.transport.receive;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An engine that lets requests gather before it looks at its sockets ({@link Patience}). Only sockets wait for it: tasks
 * and timers of the loop end the wait. {@link #wakeup} on any thread, all else on the loop's.
 */
public final class PatientIoHandler implements IoHandler {
    private final IoHandler engine;
    private final Patience patience;
    /** The loop's thread while it stands still. */
    private volatile @Nullable Thread standing;

    PatientIoHandler(IoHandler engine, Patience patience) {
        this.engine = engine;
        this.patience = patience;
    }

    /** Makes engines patient. */
    public static IoHandlerFactory around(IoHandlerFactory engines) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new PatientIoHandler(engines.newHandler(executor), new Patience());
            }
        };
    }

    @Override
    public void initialize() {
        patience.begin(System.nanoTime());
        engine.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        long now = System.nanoTime();
        long rest = Math.min(patience.rest(now), context.delayNanos(now));
        if (rest > 0) {
            stand(rest, context);
            now = System.nanoTime();
        }
        int events = engine.run(context);
        patience.looked(now, events);
        return events;
    }

    private void stand(long nanos, IoHandlerContext context) {
        standing = Thread.currentThread();
        // In this order: whoever adds a task from now on sees whom to wake.
        if (context.canBlock()) {
            LockSupport.parkNanos(this, nanos);
        }
        standing = null;
    }

    @Override
    public void wakeup() {
        Thread waiting = standing;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
        engine.wakeup();
    }

    @Override
    public void prepareToDestroy() {
        engine.prepareToDestroy();
    }

    @Override
    public void destroy() {
        engine.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return engine.register(handle);
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return engine.isCompatible(type);
    }
}
