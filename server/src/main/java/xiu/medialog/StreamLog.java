package xiu.medialog;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.WireFormat;
import xiu.medialog.join.Arrivals;
import xiu.medialog.memory.LogMemory;

/**
 * Everything that is kept of one stream: its tracks, its packets, and their ready bytes in every format in use. Changes
 * are guarded by the stream; readers of the logs take no lock.
 */
public final class StreamLog {
    private final LogSettings settings;
    private final PacketLog packets;
    private final Timeline timeline;
    private final Arrivals arrivals = new Arrivals();
    private final Map<WireFormat, ByteLog> byteLogs = new ConcurrentHashMap<>();
    /** The same logs as an array, which is faster to walk for every packet than a map. */
    private ByteLog[] written = {};
    /** The log whose ready bytes contain the packets, so that they are kept only once. */
    private @Nullable ByteLog lender;

    private volatile List<Track> tracks = List.of();
    private final List<BrokenFormat> broken = new ArrayList<>(0);
    private boolean disposed;

    /** A format that has failed, and its fault. */
    public record BrokenFormat(WireFormat format, Throwable fault) {}

    /**
     * An empty log.
     *
     * @param nanoTime a monotonic clock, ns
     */
    public StreamLog(LogSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.packets = new PacketLog(settings, LogMemory.ALLOCATOR);
        this.timeline = new Timeline(nanoTime);
    }

    /** Memory of the logs of all streams, and of what their readers still hold, bytes; any thread. */
    public static long memoryOfAll() {
        return LogMemory.ALLOCATOR.metric().usedDirectMemory();
    }

    /** The current tracks, metadata first; any thread. */
    public List<Track> tracks() {
        return tracks;
    }

    /** Bytes of media and of ready bytes it holds; any thread. */
    public long bytes() {
        long sum = packets.bytes();
        for (ByteLog log : byteLogs.values()) {
            sum += log.bytes();
        }
        return sum;
    }

    /** Jumps of the timeline and held timestamps so far. */
    public long repairs() {
        return timeline.repairs();
    }

    /**
     * Packets of the groups of pictures for new readers that were evicted, because the groups were longer than the log
     * may be.
     */
    public long cuts() {
        return packets.cuts();
    }

    /** Another publisher follows, with tracks and a clock of its own. */
    public void restart() {
        tracks = List.of();
        timeline.restart();
        arrivals.restart();
        for (ByteLog log : written) {
            try {
                log.reset();
            } catch (Throwable fault) {
                broken(log, fault);
            }
        }
    }

    /** Nothing more comes: writes what formats have kept back. */
    void flush() {
        for (ByteLog log : written) {
            try {
                log.flush();
            } catch (Throwable fault) {
                broken(log, fault);
            }
        }
    }

    /** A track is valid from here on; returns whether it is new. */
    public boolean configure(Track track) {
        if (tracks.contains(track)) {
            return false;
        }
        tracks = Track.replaced(tracks, track);
        packets.configured(track.configurationBytes());
        for (ByteLog log : written) {
            try {
                log.configure(track);
            } catch (Throwable fault) {
                broken(log, fault);
            }
        }
        return true;
    }

    /** Appends a packet to all logs; consumes it. */
    public void append(MediaPacket packet) {
        MediaPacket placed = timeline.place(packet, packets.nextSequence());
        arrivals.took(placed);
        ByteBuf lent = null;
        int at = -1;
        for (ByteLog log : written) {
            int stands = append(log, placed);
            if (log == lender && stands >= 0) {
                lent = log.memory();
                at = stands;
            }
        }
        try {
            packets.append(placed, lent, at);
        } catch (Throwable fault) {
            placed.release();
            throw fault;
        }
    }

    private int append(ByteLog log, MediaPacket packet) {
        try {
            return log.append(packet);
        } catch (Throwable fault) {
            broken(log, fault);
            return -1;
        }
    }

    /** Ends a format that failed, or found no memory: only its own readers lose the stream. */
    private void broken(ByteLog log, Throwable fault) {
        log.breakOff();
        deactivate(log.format());
        broken.add(new BrokenFormat(log.format(), fault));
    }

    /**
     * The formats that have failed since the last call; called with each packet. Their logs are closed; a later reader
     * of such a format begins a new one.
     */
    public List<BrokenFormat> takeBroken() {
        if (broken.isEmpty()) {
            return List.of();
        }
        List<BrokenFormat> taken = List.copyOf(broken);
        broken.clear();
        return taken;
    }

    /**
     * The ready bytes in a format, which is in use until {@link #deactivate}; filled with the groups of pictures that
     * are still in the log.
     */
    public ByteLog activate(WireFormat format) {
        ByteLog known = byteLogs.get(format);
        if (known != null) {
            return known;
        }
        ByteLog log = new ByteLog(format, settings, LogMemory.ALLOCATOR, arrivals);
        if (disposed) {
            log.close();
            return log;
        }
        try {
            fill(log);
        } catch (Throwable fault) {
            log.close();
            throw fault;
        }
        byteLogs.put(format, log);
        written = byteLogs.values().toArray(ByteLog[]::new);
        if (lender == null) {
            lender = findLender();
        }
        return log;
    }

    private @Nullable ByteLog findLender() {
        for (ByteLog log : written) {
            if (log.format().holdsPackets()) {
                return log;
            }
        }
        return null;
    }

    /**
     * A format is not in use any more. Packets that are in its ready bytes hold that memory and can still be read;
     * later packets are in another log, or are copied.
     */
    public void deactivate(WireFormat format) {
        ByteLog gone = byteLogs.remove(format);
        if (gone == null) {
            return;
        }
        written = byteLogs.values().toArray(ByteLog[]::new);
        if (lender == gone) {
            lender = findLender();
            packets.adopt();
        }
        gone.close();
    }

    private void fill(ByteLog log) {
        tracks.forEach(log::configure);
        PacketCursor cursor = packets.openBack(settings.gops());
        try {
            for (MediaPacket packet = cursor.next(); packet != null; packet = cursor.next()) {
                log.append(packet);
            }
        } finally {
            cursor.close();
        }
    }

    /** A reader of the packets, from the newest key frame on; the caller closes it. */
    public PacketCursor openCursor() {
        return packets.open();
    }

    /** Readers of the packets that are open; any thread. */
    public int cursors() {
        return packets.cursors();
    }

    /** Gives all memory back that no reader holds; nothing is appended any more. Idempotent. */
    public void dispose() {
        disposed = true;
        byteLogs.values().forEach(ByteLog::close);
        byteLogs.clear();
        written = new ByteLog[0];
        lender = null;
        packets.clear();
    }
}
