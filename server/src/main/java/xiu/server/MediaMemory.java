package xiu.server;

import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import xiu.metrics.Registry;
import xiu.protocol.hls.HlsService;
import xiu.protocol.rtmp.RtmpSettings;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.server.settings.ServerSettings;
import xiu.service.guard.MemoryGuard;
import xiu.settings.Live;
import xiu.stream.StreamHub;
import xiu.transport.EventLoops;
import xiu.transport.memory.HeldBuffers;

/** How much memory the media of a server may take: what the settings say, or a share of what the process may have. */
final class MediaMemory {
    private final Live<ServerSettings> settings;
    private final Registry metrics;

    /** {@code metrics}: where the memory in use is registered. */
    MediaMemory(Live<ServerSettings> settings, Registry metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    /** The guard of the limit; not started. */
    MemoryGuard guard(EventLoops loops, StreamHub hub, @Nullable HlsService hls, EventLoop thread) {
        LongSupplier held = HeldBuffers.ofProcess()::bytes;
        LongSupplier used = () -> hub.memory() + (hls == null ? 0 : hls.memory()) + held.getAsLong();
        LongSupplier most = () -> settings.now().hls().limits().heldBytes();
        ServerMetrics.memory(metrics, held, used, this::ceiling);
        MemoryGuard.Replies replies = new MemoryGuard.Replies(held, most, loops.slowReaders()::closeSlowest);
        return new MemoryGuard(hub, used, this::ceiling, replies, thread);
    }

    /** Memory for incomplete RTMP messages; follows the settings. */
    MessageMemory unfinished(Live<RtmpSettings> rtmp) {
        MessageMemory unfinished = new MessageMemory(unfinished(rtmp.now()));
        rtmp.onChange(next -> unfinished.resize(unfinished(next)));
        ServerMetrics.unfinished(metrics, unfinished);
        return unfinished;
    }

    private static long unfinished(RtmpSettings rtmp) {
        long wanted = rtmp.limits().unfinishedBytes();
        return wanted > 0 ? wanted : PlatformDependent.maxDirectMemory() / 8;
    }

    /** The limit at the moment, since the settings may be replaced. */
    private long ceiling() {
        long wanted = settings.now().stream().limits().memory();
        // The rest is for messages that are being received, and for the gaps that an allocator cannot use.
        return wanted > 0 ? wanted : PlatformDependent.maxDirectMemory() / 4 * 3;
    }
}
