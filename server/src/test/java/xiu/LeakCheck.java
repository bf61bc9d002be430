package xiu;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** After each test class: a buffer that became garbage without being released fails the class. */
public final class LeakCheck implements AfterAllCallback {
    private static final int COLLECTIONS = 2;
    private static final long COLLECTION_MILLIS = 30_000;

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        if (context.getRequiredTestClass().isMemberClass()) {
            return; // the enclosing class will be asked
        }
        for (int i = 0; i < COLLECTIONS; i++) {
            collectGarbage();
            detect();
        }
        List<String> leaks = LeakRecorder.drain();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leaked: " + String.join("\n", leaks));
        }
    }

    /** Returns when references to garbage have been enqueued, which is when the detector can find them. */
    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
        System.gc();
        if (queue.remove(COLLECTION_MILLIS) != canary) {
            throw new AssertionError("garbage collection: did not happen within " + COLLECTION_MILLIS + " ms");
        }
    }

    /** The detector looks at what was enqueued when the next buffer is made. */
    private static void detect() {
        PooledByteBufAllocator.DEFAULT.buffer(1).release();
        UnpooledByteBufAllocator.DEFAULT.buffer(1).release();
    }
}
