package xiu.protocol.hls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpRoute;
import xiu.metrics.Registry;
import xiu.protocol.hls.disk.HlsDisk;
import xiu.protocol.hls.playlist.HlsPlaylist;
import xiu.segment.IdleBudget;
import xiu.segment.SegmentParts;
import xiu.segment.format.TsSegments;
import xiu.segment.window.SegmentNumbers;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.MediaStream;
import xiu.stream.StreamEvent;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.StreamListener;
import xiu.transport.Service;
import xiu.transport.trouble.Faults;
import xiu.transport.trouble.GuardedTask;

/**
 * HLS for every stream of the hub: make it a listener of the hub, put its routes on an HTTP server, start it before the
 * first stream and stop it after the hub. Any thread.
 */
public final class HlsService implements Service, StreamListener {
    /** How long an ended stream can be fetched at least. */
    private static final long KEPT_MILLIS = 60_000;
    /** All ended streams together keep at most this many windows of bytes. */
    private static final int KEPT_WINDOWS = 2;

    private static final int KEPT_STREAMS = 1_000;

    private final Live<HlsSettings> settings;
    private final EventExecutorGroup executors;
    private final @Nullable HlsDisk disk;
    private final HlsParts parts;
    private final HlsAccess access;
    private final List<HttpRoute> routes;
    private final Map<StreamKey, HlsStream> streams = new ConcurrentHashMap<>();
    private final Set<HlsStream> running = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedDeque<HlsStream> ended = new ConcurrentLinkedDeque<>();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private volatile boolean stopping;

    /**
     * A service that is not started.
     *
     * @param settings a stream keeps those of its beginning; the folder is read once
     * @param policy that of the hub, which says what a credential is
     * @param executors one of them is chosen per stream
     */
    public HlsService(Live<HlsSettings> settings, StreamHub hub, AccessPolicy policy, EventExecutorGroup executors) {
        this.settings = settings;
        this.executors = executors;
        HlsSettings now = settings.now();
        this.disk = now.folder()
                .map(folder ->
                        new HlsDisk(folder, now.needRecord(), now.limits().windowBytes()))
                .orElse(null);
        SegmentParts segments = new SegmentParts(
                TsSegments.FORMAT,
                ByteBufAllocator.DEFAULT,
                System::currentTimeMillis,
                System::nanoTime,
                new SegmentNumbers(System::currentTimeMillis),
                new IdleBudget(() -> settings.now().limits().idleBytes()));
        this.parts = new HlsParts(settings, segments, new HlsCounters(), disk);
        this.access = new HlsAccess(hub, policy);
        this.routes = new HlsRoutes(settings, hub, access, streams::get, this::attach).routes();
    }

    /** Its HTTP resources. */
    public List<HttpRoute> routes() {
        return routes;
    }

    /** The rules of the policy have changed: grants by the old rules are not used any more. */
    public void decideAgain() {
        access.decideAgain();
    }

    /** Bytes of segments in memory. */
    public long memory() {
        long bytes = 0;
        for (HlsStream stream : streams.values()) {
            bytes += stream.isLive() ? stream.bytes() : 0;
        }
        for (HlsStream stream : ended) {
            bytes += stream.bytes();
        }
        return bytes;
    }

    /** Registers what its streams count. */
    public void register(Registry registry) {
        parts.counters().register(registry);
        registry.gauge("xiu_hls_streams", "Streams that are cut into segments at the moment", running::size);
        registry.gauge("xiu_hls_memory_bytes", "Bytes of segments in memory", this::memory);
        registry.gauge(
                "xiu_hls_waiting_requests",
                "Requests held until there is a playlist",
                () -> streams.values().stream()
                        .mapToLong(stream -> stream.waiters().size())
                        .sum());
        registry.gauge(
                "xiu_hls_disk_jobs", "Work that waits for the disk", () -> disk == null ? 0 : disk.waitingJobs());
        registry.gauge(
                "xiu_hls_disk_waiting_bytes",
                "Bytes of segments that wait for the disk",
                () -> disk == null ? 0 : disk.waitingBytes());
    }

    @Override
    public void start() {
        if (disk != null) {
            disk.start();
        }
    }

    @Override
    public void on(StreamEvent event) {
        if (event instanceof StreamEvent.Created created) {
            attach(created.stream());
        }
    }

    @Override
    public CompletionStage<Void> stop() {
        stopping = true;
        if (running.isEmpty()) {
            idle.complete(null);
        }
        return idle.thenCompose(nothing -> forgetAll())
                // Even if releasing memory has failed, the disk writes what waits for it.
                .exceptionally(fault -> {
                    Faults.contained("fault_hls", "stop", fault);
                    return null;
                })
                .thenCompose(nothing -> disk == null ? CompletableFuture.completedFuture(null) : disk.stop());
    }

    /** The HLS of a live stream; begins it when the hub's event has not come yet. Null when the stream has ended. */
    private @Nullable HlsStream attach(MediaStream stream) {
        HlsStream[] begun = {null};
        HlsStream now = streams.compute(stream.key(), (key, known) -> {
            if (known != null && known.stream() == stream) {
                return known;
            }
            if (stream.endReason() != null || stopping) {
                return known;
            }
            HlsStream next = new HlsStream(stream, parts, known == null ? executors.next() : known.executor(), known);
            begun[0] = next;
            return next;
        });
        if (begun[0] != null) {
            running.add(begun[0]);
            HlsStream next = begun[0];
            next.start(() -> ended(next));
        }
        return now != null && now.stream() == stream ? now : null;
    }

    /** On the stream's executor. */
    private void ended(HlsStream stream) {
        ended.add(stream);
        PlaylistReplies own = stream.previous() == null ? stream.replies() : null;
        HlsPlaylist last = own == null ? null : own.playlist();
        long millis = last == null
                ? stream.bytes() == 0 ? 0 : KEPT_MILLIS
                : Math.max(KEPT_MILLIS, 2_000L * last.target() * last.entries().size());
        GuardedTask.after(millis, stream.executor(), "hls_forget", () -> forget(stream));
        trim();
        running.remove(stream);
        if (stopping && running.isEmpty()) {
            idle.complete(null);
        }
    }

    /** Releases the oldest ended streams beyond the limits. */
    private void trim() {
        long bytes = ended.stream().mapToLong(HlsStream::bytes).sum();
        int count = ended.size();
        while (bytes > KEPT_WINDOWS * settings.now().limits().windowBytes() || count > KEPT_STREAMS) {
            HlsStream oldest = ended.poll();
            if (oldest == null) {
                return;
            }
            bytes -= oldest.bytes();
            count--;
            oldest.executor().execute(() -> forget(oldest));
        }
    }

    private void forget(HlsStream stream) {
        ended.remove(stream);
        HlsStream before = stream.previous();
        if (before != null && ended.contains(before)) {
            // This one ended without a segment, so the one before it can still be fetched.
            streams.replace(stream.stream().key(), stream, before);
        } else {
            streams.remove(stream.stream().key(), stream);
        }
        stream.forget(true);
    }

    /** Releases all memory; files stay. */
    private CompletableFuture<Void> forgetAll() {
        return CompletableFuture.allOf(Stream.concat(streams.values().stream(), ended.stream())
                .distinct()
                .map(stream -> CompletableFuture.runAsync(() -> stream.forget(false), stream.executor()))
                .toArray(CompletableFuture[]::new));
    }
}
