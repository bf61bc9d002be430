package xiu.server;

import java.util.function.LongSupplier;
import xiu.metrics.Registry;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.service.relay.PullRelays;
import xiu.service.relay.PushRelays;
import xiu.stream.StreamHub;
import xiu.stream.metrics.StreamMetrics;
import xiu.transport.ConnectionGate;
import xiu.transport.EventLoops;

/** Lets the parts of a server register their numbers, and registers those that no single part knows. */
final class ServerMetrics {
    private ServerMetrics() {}

    /** A registry with the numbers of every server; made before the hub has its first stream. */
    static Registry of(EventLoops loops, ConnectionGate gate, StreamHub hub) {
        Registry metrics = new Registry();
        loops.register(metrics);
        gate.register(metrics);
        StreamMetrics.register(hub, metrics);
        return metrics;
    }

    static void relays(Registry metrics, PullRelays pulls, PushRelays pushes) {
        pulls.counters().register(metrics, pulls::relays);
        pushes.counters().register(metrics, pushes::relays);
    }

    static void unfinished(Registry metrics, MessageMemory unfinished) {
        metrics.gauge("xiu_rtmp_unfinished_bytes", "Bytes of RTMP messages that are not whole yet", unfinished::held);
    }

    /**
     * Registers the memory for media.
     *
     * @param held memory that only replies to slow clients hold
     * @param used all of it
     * @param ceiling the most that it may be
     */
    static void memory(Registry metrics, LongSupplier held, LongSupplier used, LongSupplier ceiling) {
        metrics.gauge("xiu_held_bytes", "Bytes that only replies to slow clients still hold", held);
        metrics.gauge("xiu_memory_bytes", "Bytes of media that the server holds", used);
        metrics.gauge("xiu_memory_limit_bytes", "Bytes of media above which the slowest viewers go", ceiling);
    }
}
