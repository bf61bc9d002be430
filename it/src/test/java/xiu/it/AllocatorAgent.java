package xiu.it;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import xiu.medialog.StreamLog;

/**
 * Runs inside a server, where it is loaded for a moment, and writes down what only the server's own allocators know: the
 * bytes outside the heap that it has taken. No figure of the JVM holds them, because they come from {@code malloc}.
 */
public final class AllocatorAgent {
    private AllocatorAgent() {}

    /** Called by the JVM with the name of the file to write. */
    public static void agentmain(String file) throws IOException {
        long buffers = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
        Files.writeString(Path.of(file), Long.toString(buffers + StreamLog.memoryOfAll()));
    }
}
