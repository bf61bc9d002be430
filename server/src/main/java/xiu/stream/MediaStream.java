package xiu.stream;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xiu.log.ByteLog;
import xiu.log.PacketCursor;
import xiu.log.PacketLog;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;
import xiu.stream.settings.LatencyMode;
import xiu.stream.settings.StreamSettings;

/**
 * One live stream: its tracks, its logs, who feeds it and who watches it. Writers take its monitor, which nobody holds
 * for longer than a packet takes to append; readers of the logs take no lock.
 */
public final class MediaStream {
    /** How long audio waits for the next video frame to travel with, ns. */
    private static final long AUDIO_WAIT = TimeUnit.MILLISECONDS.toNanos(20);

    private final StreamKey key;
    private final StreamContext context;
    private final StreamCounters counters = new StreamCounters();
    private final CopyOnWriteArrayList<LogWatcher> watchers = new CopyOnWriteArrayList<>();
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private volatile List<Track> tracks = List.of();
    private volatile @Nullable EndReason endReason;

    // Guarded by this.
    private final PacketLog packets;
    private final Map<WireFormat, ByteLog> byteLogs = new ConcurrentHashMap<>();
    private final Timeline timeline;
    private volatile @Nullable Publication publication;
    private boolean awaitingKeyFrame;
    private boolean disposed;
    private long pendingSince;

    MediaStream(StreamKey key, StreamContext context) {
        this.key = key;
        this.context = context;
        this.packets = new PacketLog(context.logSettings());
        this.timeline = new Timeline(context.nanoTime());
    }

    /** Its name. */
    public StreamKey key() {
        return key;
    }

    /** How its delivery trades latency for processor time. */
    public LatencyMode latency() {
        return context.settings().latencyOf(key.toString());
    }

    /** The settings it lives by. */
    public StreamSettings settings() {
        return context.settings();
    }

    /** What it counts. */
    public StreamCounters counters() {
        return counters;
    }

    /** Its tracks as of now, metadata first. */
    public List<Track> tracks() {
        return tracks;
    }

    /** Who feeds it, or null while nobody does. */
    public @Nullable Publisher publisher() {
        Publication now = publication;
        return now == null ? null : now.publisher();
    }

    /** Why it ended, or null while it lives. */
    public @Nullable EndReason endReason() {
        return endReason;
    }

    /** Who watches it, as of now. */
    public Set<Viewer> viewers() {
        return Set.copyOf(viewers);
    }

    /** How many watch it. */
    public int viewerCount() {
        return viewers.size();
    }

    /** Bytes of media that its logs hold. */
    public long memory() {
        long sum = packets.bytes();
        for (ByteLog log : byteLogs.values()) {
            sum += log.bytes();
        }
        return sum;
    }

    /**
     * Somebody watches from now on.
     *
     * @param onKick called on any thread when the viewer must go; it then leaves
     */
    public Viewer join(Peer peer, Consumer<EndReason> onKick) {
        Viewer viewer = new Viewer(this, peer, onKick);
        viewers.add(viewer);
        context.events().on(new StreamEvent.Joined(this, peer));
        return viewer;
    }

    void left(Viewer viewer, EndReason reason) {
        viewers.remove(viewer);
        context.events().on(new StreamEvent.Left(this, viewer.peer(), reason));
        disposeIfUnused();
    }

    /** Tells {@code watcher} from now on; when the stream has ended already, at once and only that. */
    public void watch(LogWatcher watcher) {
        EndReason over;
        synchronized (this) {
            watchers.add(watcher);
            over = endReason;
        }
        if (over != null && watchers.remove(watcher)) {
            watcher.onEnd(over);
        }
    }

    /** Tells {@code watcher} no more. */
    public void unwatch(LogWatcher watcher) {
        watchers.remove(watcher);
    }

    /** A reader of its packets; the caller closes it. */
    public synchronized PacketCursor openCursor() {
        return packets.open();
    }

    /** A reader is done with the packets; the caller has closed it. */
    public void cursorClosed() {
        disposeIfUnused();
    }

    /** Its ready bytes in a format; from the first call on they are kept up to date. */
    public ByteLog byteLog(WireFormat format) {
        ByteLog known = byteLogs.get(format);
        return known != null ? known : activate(format);
    }

    private synchronized ByteLog activate(WireFormat format) {
        ByteLog known = byteLogs.get(format);
        if (known != null) {
            return known;
        }
        ByteLog log = new ByteLog(format, context.logSettings(), ByteBufAllocator.DEFAULT);
        if (disposed) {
            log.close();
            return log;
        }
        tracks.forEach(log::configure);
        PacketCursor cursor = packets.open();
        for (MediaPacket packet = cursor.next(); packet != null; packet = cursor.next()) {
            log.append(packet);
            packet.release();
        }
        cursor.close();
        byteLogs.put(format, log);
        return log;
    }

    /** Makes {@code publisher} the one that feeds it; the one before is returned, to be told. */
    synchronized @Nullable Publication begin(Publication next) {
        Publication previous = publication;
        publication = next;
        awaitingKeyFrame = true;
        timeline.restart();
        if (packets.nextSequence() > 0 || previous != null) {
            counters.publishedAgain();
            tracks = List.of();
            byteLogs.values().forEach(ByteLog::reset);
        }
        return previous;
    }

    void configure(Publication from, Track track) {
        synchronized (this) {
            if (publication != from || tracks.contains(track)) {
                return;
            }
            List<Track> changed = new ArrayList<>(tracks);
            changed.removeIf(known -> known.id() == track.id());
            changed.add(track);
            changed.sort(Comparator.comparingInt(Track::id));
            tracks = List.copyOf(changed);
            for (ByteLog log : byteLogs.values()) {
                log.configure(track);
            }
        }
        if (track.kind() == TrackKind.DATA) {
            tell(false);
        }
    }

    void write(Publication from, MediaPacket packet) {
        boolean video = packet.track().kind() == TrackKind.VIDEO;
        boolean flush;
        synchronized (this) {
            // A decoder can do nothing with what a new publisher sends before its first key frame.
            if (publication != from || (video && awaitingKeyFrame && !packet.keyFrame())) {
                packet.release();
                return;
            }
            awaitingKeyFrame &= !video;
            append(packet);
            flush = flushNow(video);
        }
        tell(flush);
    }

    private void append(MediaPacket packet) {
        long repairs = timeline.repairs();
        MediaPacket placed = timeline.place(packet, packets.nextSequence());
        if (timeline.repairs() != repairs) {
            counters.repaired();
        }
        counters.packet(placed.body().readableBytes());
        for (ByteLog log : byteLogs.values()) {
            log.append(placed);
        }
        packets.append(placed);
    }

    private boolean flushNow(boolean video) {
        long now = context.nanoTime().getAsLong();
        boolean flush = video || (pendingSince != 0 && now - pendingSince >= AUDIO_WAIT);
        if (flush) {
            pendingSince = 0;
        } else if (pendingSince == 0) {
            pendingSince = now;
        }
        return flush;
    }

    private void tell(boolean flush) {
        for (LogWatcher watcher : watchers) {
            watcher.onAppend(flush);
        }
    }

    void ended(Publication from, EndReason reason) {
        synchronized (this) {
            if (publication != from) {
                return;
            }
            publication = null;
        }
        context.unpublished(this, from, reason);
    }

    /** Ends the stream for everybody; idempotent. Returns whether this call did it. */
    boolean finish(EndReason reason) {
        List<LogWatcher> told;
        synchronized (this) {
            if (endReason != null) {
                return false;
            }
            endReason = reason;
            publication = null;
            told = List.copyOf(watchers);
            watchers.clear();
        }
        told.forEach(watcher -> watcher.onEnd(reason));
        disposeIfUnused();
        return true;
    }

    /** An ended stream keeps its logs until the last reader has what it may still send. */
    private synchronized void disposeIfUnused() {
        if (endReason != null && !disposed && viewers.isEmpty() && packets.cursors() == 0) {
            disposed = true;
            byteLogs.values().forEach(ByteLog::close);
            byteLogs.clear();
            packets.clear();
        }
    }
}
