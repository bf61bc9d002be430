package xiu.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;

/**
 * A stream's packets as ready bytes of one wire format, each written once for all players. A player is a place: a chunk
 * and an offset. What it has not sent yet is one contiguous piece of memory, which is what makes a turn one write.
 *
 * <p>One writer at a time appends; readers walk the chunks without any lock. Joining and skipping, which are rare, take
 * the log's monitor for a moment.
 */
public final class ByteLog {
    private static final int FIRST_CHUNK = 64 << 10;
    private static final int LARGEST_CHUNK = 1 << 20;
    /** A chunk's bytes come in steps, so that they fit the next one too. */
    private static final int STEP = 16 << 10;

    /** A chunk should last this long where many read it, so that their turns seldom cross to the next, µs. */
    private static final long SHARED_CHUNK_TIME = 2_500_000;
    /** The same where few do: many streams of few players need memory rather than time, µs. */
    private static final long CHUNK_TIME = 600_000;

    private static final int MANY_READERS = 16;
    /** At a key frame the chunks of the group before go at once; the next one is as long, as a rule. */
    static final int SPARES = 8;

    /** Without video, readers may begin about this far apart, µs. */
    private static final long AUDIO_MARK_TIME = 1_000_000;

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final WireFormat format;
    private final LogSettings settings;
    private final LogMemory memory;
    private final ArrayDeque<ByteChunk> chunks = new ArrayDeque<>();
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private List<Track> current = List.of();
    private @Nullable ByteChunk last;
    private final ArrayDeque<ByteIndex> spareIndexes = new ArrayDeque<>();
    private int chunkSize = FIRST_CHUNK;
    private long bytes;
    private boolean closed;
    private long newestVideo = UNKNOWN;
    private volatile long end;
    private volatile long newestTime;
    private volatile long newestMark = -1;

    /** An empty log of this format. */
    public ByteLog(WireFormat format, LogSettings settings, ByteBufAllocator allocator) {
        this.format = format;
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
        return newestMark;
    }

    /** Memory that the log and its readers hold, bytes; any thread. */
    public long bytes() {
        return memory.held();
    }

    /** Forgets the tracks: another publisher follows, whose configuration must be sent again. */
    public synchronized void reset() {
        current = List.of();
        newestVideo = UNKNOWN;
    }

    /** A track's configuration as part of the stream, from here on. Nothing when it holds already. */
    public synchronized void configure(Track track) {
        configure(track, newestTime);
    }

    private void configure(Track track, long time) {
        if (closed || current.contains(track)) {
            return;
        }
        boolean sent = sentHeader(track);
        current = Track.replaced(current, track);
        // Before the first packet there is nobody to tell: whoever comes gets it in the preamble.
        if (last != null && !sent) {
            int need = track.header().readableBytes();
            ByteChunk chunk = chunkFor(need + format.overhead(need), time);
            format.configuration(track, time, chunk.buffer());
            publish(chunk, time);
        }
    }

    /**
     * Appends a packet, and before it its track's configuration where that is new. Borrows the packet.
     *
     * @return where in {@link #memory()} its body stands, or -1 when it does not stand there in one piece
     */
    public synchronized int append(MediaPacket packet) {
        if (closed) {
            return -1;
        }
        if (packet.track().kind() != TrackKind.DATA && !holds(packet.track())) {
            configure(packet.track(), packet.dts());
        }
        int size = packet.body().readableBytes();
        ByteChunk chunk = chunkFor(size + format.overhead(size), packet.dts());
        if (isMark(packet)) {
            marks.addLast(new Mark(chunk, chunk.buffer().writerIndex(), packet.dts(), current));
            newestMark = marks.getLast().position();
        }
        format.packet(packet, chunk.buffer());
        publish(chunk, packet.dts());
        int trailer = format.trailer(size);
        return trailer < 0 ? -1 : chunk.limit() - trailer - size;
    }

    /** The memory that the newest packet stands in; borrowed. Writer only, after a packet has been appended. */
    ByteBuf memory() {
        return Objects.requireNonNull(last).buffer();
    }

    private boolean isMark(MediaPacket packet) {
        if (newestVideo == UNKNOWN || packet.track().kind() == TrackKind.VIDEO) {
            newestVideo = packet.dts();
        }
        return switch (packet.track().kind()) {
            case VIDEO -> packet.keyFrame();
            // Audio alone, or a camera that went dark: any audio packet will do.
            case AUDIO ->
                (isAudioOnly() || packet.dts() - newestVideo > 2 * AUDIO_MARK_TIME)
                        && (marks.isEmpty() || packet.dts() - marks.getLast().time() >= AUDIO_MARK_TIME);
            case DATA -> false;
        };
    }

    private boolean holds(Track track) {
        // Per packet, so by identity and without an iterator; equality would compare the headers byte by byte.
        for (int i = 0; i < current.size(); i++) {
            if (current.get(i) == track) {
                return true;
            }
        }
        return false;
    }

    /** Whether the track's header has been sent: a frame may say more of a track than its header, such as the size. */
    private boolean sentHeader(Track track) {
        for (Track known : current) {
            if (known.id() == track.id() && known.header().equals(track.header())) {
                return true;
            }
        }
        return false;
    }

    private boolean isAudioOnly() {
        for (int i = 0; i < current.size(); i++) {
            if (current.get(i).kind() == TrackKind.VIDEO) {
                return false;
            }
        }
        return true;
    }

    private void publish(ByteChunk chunk, long time) {
        if (chunk.buffer().writerIndex() > chunk.limit()) {
            chunk.publish(time);
            newestTime = time;
            end = chunk.base() + chunk.limit();
        }
    }

    /** The chunk to write to; a new one when the last has no room for {@code need} bytes more. */
    private ByteChunk chunkFor(int need, long time) {
        ByteChunk full = last;
        if (full != null && full.room() >= need) {
            return full;
        }
        if (full != null) {
            long lasted = Math.max(1, time - full.timeAt(0));
            long wanted = full.readers() < MANY_READERS ? CHUNK_TIME : SHARED_CHUNK_TIME;
            long fitting = full.limit() * wanted / lasted;
            chunkSize = (int) Math.clamp((fitting / STEP + 1) * STEP, STEP, LARGEST_CHUNK);
        }
        int capacity = Math.max(chunkSize, need);
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

    /** Makes room for a chunk of so many bytes, which takes over the memory of one that goes. */
    private void evict(int room, long now) {
        int keptMarks = Math.max(1, settings.gops());
        while (marks.size() > keptMarks) {
            marks.removeFirst();
        }
        while (!chunks.isEmpty()) {
            ByteChunk oldest = chunks.getFirst();
            boolean over = bytes + room > settings.maxBytes() || now - oldest.timeAt(0) > settings.maxDuration();
            boolean needed = !marks.isEmpty() && marks.getFirst().chunk() == oldest;
            if (!over && (needed || oldest.readers() > 0)) {
                return;
            }
            chunks.removeFirst();
            bytes -= oldest.capacity();
            while (!marks.isEmpty() && marks.getFirst().chunk() == oldest) {
                marks.removeFirst();
            }
            if (marks.isEmpty()) {
                newestMark = -1;
            }
            if (oldest.recycle() && spareIndexes.size() < SPARES) {
                spareIndexes.add(oldest.index());
            }
        }
    }

    /**
     * Where a reader begins that wants this many groups of pictures.
     *
     * @param gops how many; fewer when the log has fewer
     * @return null when the log has no such place now
     */
    public synchronized @Nullable JoinPoint join(int gops) {
        Mark found = null;
        Iterator<Mark> newestFirst = marks.descendingIterator();
        for (int i = 0; i < gops && newestFirst.hasNext(); i++) {
            found = newestFirst.next();
        }
        return found == null ? null : found.join(format);
    }

    /** The newest place to begin at or after {@code position}; null when there is none yet. */
    public synchronized @Nullable JoinPoint joinAfter(long position) {
        return marks.isEmpty() || marks.getLast().position() < position
                ? null
                : marks.getLast().join(format);
    }

    /** Gives all memory back that no reader holds; nothing is appended any more. Idempotent. */
    public synchronized void close() {
        closed = true;
        marks.clear();
        newestMark = -1;
        chunks.forEach(ByteChunk::release);
        chunks.clear();
        last = null;
        bytes = 0;
        memory.close();
    }
}
