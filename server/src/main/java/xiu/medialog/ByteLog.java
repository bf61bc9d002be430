package xiu.medialog;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.PacketWriter;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;
import xiu.medialog.join.Arrivals;
import xiu.medialog.join.Configurations;
import xiu.medialog.memory.LogMemory;

/**
 * A stream's packets as ready bytes of one wire format, each written once for all players. A player is a place: a chunk
 * and an offset. What it has not sent yet is contiguous in memory, so that a turn is one write.
 *
 * <p>One writer at a time appends; readers walk the chunks without any lock. Joining and skipping, which are rare, take
 * the log's monitor for a moment.
 */
public final class ByteLog {
    /**
     * At a key frame all chunks of the previous group of pictures are evicted at once; the next group usually needs as
     * many.
     */
    static final int SPARES = 8;

    private final WireFormat format;
    private final PacketWriter writer;
    private final LogSettings settings;
    private final LogMemory memory;
    private final ArrayDeque<ByteChunk> chunks = new ArrayDeque<>();
    private final Marks marks;
    private final Arrivals arrivals;
    private final Configurations configurations = new Configurations();
    private @Nullable ByteChunk last;
    private final ArrayDeque<ByteIndex> spareIndexes = new ArrayDeque<>();
    private final ByteChunkSize chunkSize = new ByteChunkSize();
    private long bytes;
    private boolean closed;

    private volatile long end;
    private volatile long newestTime;
    private volatile boolean broken;

    /** An empty log of this format, which announces all tracks that have a configuration. */
    public ByteLog(WireFormat format, LogSettings settings, ByteBufAllocator allocator) {
        this(format, settings, allocator, new Arrivals());
    }

    /** An empty log of this format, which announces the tracks that {@code arrivals} expects. */
    ByteLog(WireFormat format, LogSettings settings, ByteBufAllocator allocator, Arrivals arrivals) {
        this.format = format;
        this.writer = format.open();
        this.arrivals = arrivals;
        this.marks = new Marks(format, settings.maxDuration());
        this.settings = settings;
        this.memory = new LogMemory(allocator, settings.maxBytes(), SPARES);
    }

    /** The format of its bytes. */
    public WireFormat format() {
        return format;
    }

    /** The position after the last byte; any thread. */
    public long end() {
        return end;
    }

    /** The time of the newest packet, µs; any thread. */
    public long newestTime() {
        return newestTime;
    }

    /** The position of the newest place where a reader can begin, or -1; any thread. */
    public long newestMark() {
        return marks.newestPosition();
    }

    /** Whether its format has failed: what it contains can be read, but nothing will follow. Any thread. */
    public boolean isBroken() {
        return broken;
    }

    /** Memory that the log and its readers hold, bytes; any thread. */
    public long bytes() {
        return memory.held();
    }

    /** Forgets the tracks: another publisher follows, whose configurations must be sent again. */
    public synchronized void reset() {
        flush(newestTime);
        writer.restart();
        configurations.restart();
        marks.restart();
    }

    /** Writes a track's configuration into the stream, unless it is current already. */
    public synchronized void configure(Track track) {
        configure(track, newestTime);
    }

    private void configure(Track track, long time) {
        if (closed || configurations.current().contains(track)) {
            return;
        }
        boolean sent = configurations.replace(track);
        // Before the first packet there is no reader to send it to; those that come get it in the preamble.
        if (last != null && !sent) {
            write(track, time);
        }
    }

    private void write(Track track, long time) {
        // Into a buffer of its own first, because only the format knows its length.
        ByteBuf ready = Unpooled.buffer();
        format.configuration(track, time, ready);
        if (ready.isReadable()) {
            ByteChunk chunk = chunkFor(ready.readableBytes(), time);
            chunk.buffer().writeBytes(ready);
            publish(chunk, time);
        }
    }

    /** Nothing more comes for now: writes the frames that the format has kept back to write them together. */
    synchronized void flush() {
        flush(newestTime);
    }

    private void flush(long time) {
        int pending = writer.pending();
        if (pending > 0 && !closed) {
            ByteChunk chunk = chunkFor(pending, time);
            writer.flush(chunk.buffer());
            publish(chunk, time);
        }
    }

    /**
     * Appends a packet, and before it its track's configuration where that is new. Borrows the packet.
     *
     * @return where in {@link #memory()} its bytes are, or -1 when they are not there in one piece
     */
    public synchronized int append(MediaPacket packet) {
        if (closed) {
            return -1;
        }
        if (packet.track().kind() != TrackKind.DATA && !configurations.holds(packet.track())) {
            configure(packet.track(), packet.dts());
        }
        if (!format.carries(packet.track())) {
            return -1;
        }
        if (configurations.isWithheld(packet.track().kind())) {
            // A kind of track comes that readers who joined without it were not told of: they need its configuration
            // now.
            configurations.release(packet.track().kind()).forEach(track -> write(track, packet.dts()));
        }
        ByteChunk chunk = marks.isEntry(packet, configurations.current())
                ? entry(packet)
                : chunkFor(writer.measure(packet), packet.dts());
        writer.packet(packet, chunk.buffer());
        publish(chunk, packet.dts());
        int size = packet.bytes().readableBytes();
        int trailer = format.trailer(packet);
        return trailer < 0 ? -1 : chunk.limit() - trailer - size;
    }

    /** The chunk for a packet that readers may begin with. */
    private ByteChunk entry(MediaPacket packet) {
        long time = packet.dts();
        flush(time);
        byte[] afterSkip = writer.entry(arrivals.arrived(configurations.current(), time));
        ByteChunk chunk = chunkFor(writer.measure(packet), time);
        marks.add(packet, new Mark.Start(chunk, chunk.buffer().writerIndex(), afterSkip), configurations.current());
        return chunk;
    }

    /** The memory in which the newest packet is; borrowed. Writer only, after a packet has been appended. */
    ByteBuf memory() {
        return Objects.requireNonNull(last).buffer();
    }

    private void publish(ByteChunk chunk, long time) {
        if (chunk.buffer().writerIndex() > chunk.limit()) {
            chunk.publish(time);
            newestTime = time;
            end = chunk.base() + chunk.limit();
        }
    }

    /** The chunk to write to: a new one when the last has no room for {@code need} bytes more. */
    private ByteChunk chunkFor(int need, long time) {
        ByteChunk full = last;
        if (full != null && full.room() >= need) {
            return full;
        }
        if (full != null) {
            chunkSize.filled(full, time);
        }
        int capacity = Math.max(chunkSize.bytes(), need);
        evict(capacity, time);
        ByteIndex kept = spareIndexes.poll();
        ByteIndex index = kept == null ? new ByteIndex() : kept;
        ByteChunk fresh = new ByteChunk(memory.take(need, capacity), memory, index, end, time);
        chunks.addLast(fresh);
        bytes += fresh.capacity();
        last = fresh;
        if (full != null) {
            full.seal(fresh);
        }
        return fresh;
    }

    /** Evicts chunks until a chunk of so many bytes has room; it takes over the memory of an evicted one. */
    private void evict(int room, long now) {
        marks.keep(Math.max(1, settings.gops()));
        while (!chunks.isEmpty()) {
            ByteChunk oldest = chunks.getFirst();
            boolean full = bytes + room > settings.maxBytes();
            // Media time alone never evicts the newest place where readers can begin, however old it is.
            boolean old = now - oldest.timeAt(0) > settings.maxDuration() && !marks.isNewestIn(oldest);
            if (!full && !old && (marks.isOldestIn(oldest) || oldest.readers() > 0)) {
                break;
            }
            chunks.removeFirst();
            bytes -= oldest.capacity();
            marks.forget(oldest);
            if (oldest.recycle() && spareIndexes.size() < SPARES) {
                spareIndexes.add(oldest.index());
            }
        }
    }

    /**
     * Where a reader begins that wants this many groups of pictures.
     *
     * @param gops how many; fewer when the log has fewer
     * @return null when the log has no place to begin now
     */
    public synchronized @Nullable JoinPoint join(int gops) {
        return join(marks.fromNewest(gops));
    }

    /** The newest place to begin at or after {@code position}; null when there is none yet. */
    public synchronized @Nullable JoinPoint joinAfter(long position) {
        return marks.newestPosition() < position ? null : join(marks.newest());
    }

    /**
     * Where a reader goes on that stopped at {@code position}, the end of a packet: at the newest place to begin, if
     * that is not before it, and otherwise where it stopped. Null when both have been evicted.
     */
    public synchronized @Nullable JoinPoint resume(long position) {
        JoinPoint newer = joinAfter(position);
        if (newer != null) {
            return newer;
        }
        for (ByteChunk chunk : chunks) {
            long offset = position - chunk.base();
            if (offset >= 0 && offset <= chunk.limit() && chunk.tryRetain()) {
                return new JoinPoint(chunk, (int) offset, PacketWriter.NOTHING, PacketWriter.NOTHING);
            }
        }
        return null;
    }

    private @Nullable JoinPoint join(@Nullable Mark mark) {
        if (mark == null) {
            return null;
        }
        configurations.joined(mark.time(), arrivals);
        return mark.join(format, arrivals, configurations.current());
    }

    /** Its format has failed. As {@link #close}, and readers can see why nothing follows. */
    void breakOff() {
        broken = true;
        close();
    }

    /** Gives all memory back that no reader holds; nothing is appended any more. Idempotent. */
    public synchronized void close() {
        closed = true;
        writer.close();
        marks.clear();
        chunks.forEach(ByteChunk::release);
        chunks.clear();
        last = null;
        bytes = 0;
        memory.close();
    }
}
