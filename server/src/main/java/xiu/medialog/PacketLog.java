package xiu.medialog;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Entry;
import xiu.media.TrackKind;
import xiu.medialog.join.JoinRule;
import xiu.medialog.join.KeyFrames;
import xiu.medialog.memory.LogMemory;

/**
 * The newest packets of a stream: one writer at a time, any number of cursors on any thread. The writer never waits for
 * a reader. Whole chunks are evicted; a reader keeps the chunk that it reads, and finds the next one gone when it has
 * been overtaken.
 */
public final class PacketLog {
    /**
     * At a key frame all chunks of the previous group of pictures are evicted at once; the next group usually needs as
     * many.
     */
    private static final int SPARES = 8;

    /** Packets that a cursor has not read are kept so long beyond the groups of pictures that are kept anyway, µs. */
    private static final long SLACK = 3_000_000;

    private final LogSettings settings;
    private final PacketChunkSizes sizes;
    private final LogMemory memory;
    private final PacketCursor.All cursors = new PacketCursor.All();
    private volatile @Nullable PacketChunk oldest;
    private volatile @Nullable PacketSlot newestKey;

    // Writer only.
    private final ArrayDeque<PacketChunk> chunks = new ArrayDeque<>();
    private final KeyFrames keys = new KeyFrames();
    private final JoinRule rule = new JoinRule();
    private long newestPicture;
    private @Nullable PacketChunk last;
    private final ArrayDeque<PacketIndex> spareIndexes = new ArrayDeque<>();
    private long tail;
    private long bytes;
    /** How many bytes of the sealed chunks are filled. */
    private long filled;

    private long cuts;
    /** Bytes of configurations of tracks of which no packet has come yet. */
    private int headers;

    /** Bytes of lent chunks whose log of ready bytes is gone, so that only this log counts them. */
    private volatile long adopted;

    /** An empty log. */
    public PacketLog(LogSettings settings, ByteBufAllocator allocator) {
        this.settings = settings;
        this.sizes = new PacketChunkSizes(settings);
        this.memory = new LogMemory(allocator, settings.maxBytes(), SPARES);
    }

    /** The sequence that the next packet must have; writer only. */
    public long nextSequence() {
        return tail;
    }

    /**
     * How many packets of the groups that new readers start with were evicted, because the log was full; writer only.
     */
    public long cuts() {
        return cuts;
    }

    /** Memory that the log and its readers hold, bytes; any thread. */
    public long bytes() {
        return memory.held() + adopted;
    }

    /**
     * Appends a packet; writer only.
     *
     * @param packet with {@link #nextSequence()} as its sequence; copied and released
     */
    public void append(MediaPacket packet) {
        append(packet, null, 0);
    }

    /**
     * Appends a packet whose bytes may already be in memory that can be held; writer only.
     *
     * @param packet with {@link #nextSequence()} as its sequence; released
     * @param lent memory that contains the bytes, and whose filled part does not change while it is held; borrowed.
     *     Null when there is none: then the packet is copied
     * @param at where in it they begin
     */
    void append(MediaPacket packet, @Nullable ByteBuf lent, int at) {
        if (packet.sequence() != tail) {
            throw new IllegalArgumentException("sequence: " + packet.sequence() + " (expected: " + tail + ")");
        }
        PacketChunk chunk = chunkFor(packet.bytes().readableBytes(), packet.dts(), lent);
        chunk.hold(headers);
        bytes += headers;
        headers = 0;
        Entry entry = rule.entry(packet, newestKey == null);
        chunk.append(packet, entry, at);
        if (packet.track().kind() == TrackKind.VIDEO) {
            newestPicture = packet.dts();
            if (entry != Entry.NONE) {
                keys.add(tail);
                newestKey = new PacketSlot(chunk, chunk.count() - 1);
            }
        }
        tail++;
        packet.release();
    }

    /**
     * A track has a configuration of this many bytes from now on, on the heap, which its packets refer to; writer only.
     */
    void configured(int headerBytes) {
        // Bounded: of configurations that replace each other before a packet comes, only the last one stays in memory.
        headers = (int) Math.min(sizes.part(), headers + headerBytes);
    }

    private PacketChunk chunkFor(int need, long time, @Nullable ByteBuf lent) {
        PacketChunk full = last;
        boolean crowded = headers > 0 && bytes + headers > settings.maxBytes();
        if (full != null
                && !crowded
                && full.takes(need, lent)
                && time - full.firstTime() <= sizes.longest(span(time))) {
            return full;
        }
        if (full != null) {
            filled += full.filled();
        }
        PacketChunk fresh = lent == null ? copied(need, time) : lent(lent, time);
        bytes += fresh.cost();
        chunks.addLast(fresh);
        if (oldest == null) {
            oldest = fresh;
        }
        last = fresh;
        if (full != null) {
            full.seal(fresh);
        }
        return fresh;
    }

    private PacketChunk copied(int need, long time) {
        int capacity = sizes.bytes(need, filled, span(time));
        evict(capacity, time);
        return new CopiedPackets(memory.take(need, capacity), memory, index(), tail, time);
    }

    private PacketChunk lent(ByteBuf lender, long time) {
        PacketChunk before = last;
        // Several chunks in a row may be in the same memory: only the first one counts it.
        int cost = before != null && before.buffer() == lender ? 0 : lender.capacity();
        evict(cost, time);
        memory.rest();
        return new LentPackets(lender, cost, index(), tail, time);
    }

    /** The log that has lent memory is gone: from here on this log counts that memory; writer only. */
    void adopt() {
        long sum = 0;
        for (PacketChunk chunk : chunks) {
            if (chunk instanceof LentPackets lent) {
                lent.adopt();
                sum += lent.cost();
            }
        }
        adopted = sum;
    }

    private PacketIndex index() {
        PacketIndex kept = spareIndexes.poll();
        return kept == null ? new PacketIndex(sizes.packets()) : kept;
    }

    /** Media time in the log, µs. */
    private long span(long now) {
        PacketChunk first = chunks.peekFirst();
        return first == null ? 0 : now - first.firstTime();
    }

    /** Evicts chunks until a chunk of so many bytes has room. */
    private void evict(int room, long now) {
        long unread = cursors.firstUnread(tail);
        while (!chunks.isEmpty()) {
            PacketChunk first = chunks.getFirst();
            boolean over = bytes + room + headers > settings.maxBytes()
                    || tail + sizes.packets() - first.base() > settings.maxPackets()
                    || now + sizes.longest(span(now)) - first.firstTime() > settings.maxDuration()
                            && !isTheOnlyPlace(first, now);
            long needed = firstNeeded(now);
            boolean wanted = first.end() > needed || first.end() > unread && now - first.lastTime() < SLACK;
            if (!over && wanted) {
                return;
            }
            cuts += Math.max(0, first.end() - Math.max(first.base(), needed));
            dropOldest();
        }
    }

    /**
     * Whether a chunk has the newest picture that readers can begin with. Media time alone does not evict it, unless no
     * picture has come for long: then nobody waits for pictures any more.
     */
    private boolean isTheOnlyPlace(PacketChunk chunk, long now) {
        PacketSlot key = newestKey;
        return key != null && key.chunk() == chunk && now - newestPicture <= settings.maxDuration();
    }

    /** The sequence of the first packet that new readers may start with. */
    private long firstNeeded(long now) {
        long key = keys.fromNewest(Math.max(1, settings.gops()));
        if (key >= 0) {
            return key;
        }
        // Without a key frame readers begin anywhere, so only the slack counts.
        PacketChunk first = chunks.getFirst();
        return now - first.lastTime() < SLACK ? first.base() : first.end();
    }

    private void dropOldest() {
        PacketChunk dropped = chunks.removeFirst();
        bytes -= dropped.cost() + dropped.headers();
        if (dropped instanceof LentPackets lent && lent.isAdopted()) {
            adopted -= lent.cost();
        }
        filled -= dropped.filled();
        oldest = chunks.peekFirst();
        keys.forgetBefore(dropped.end());
        PacketSlot key = newestKey;
        if (key != null && key.chunk() == dropped) {
            newestKey = null;
        }
        if (dropped.recycle() && spareIndexes.size() < SPARES) {
            spareIndexes.add(dropped.index());
        }
    }

    /** Gives all memory back that no reader holds; writer only, as the last call. */
    public void clear() {
        while (!chunks.isEmpty()) {
            dropOldest();
        }
        last = null;
        memory.close();
    }

    /** A reader that begins at the newest key frame, or at the oldest packet when there is none; writer only. */
    public PacketCursor open() {
        return openBack(1);
    }

    /** A reader that begins this many key frames back, or at the oldest packet when there is none; writer only. */
    PacketCursor openBack(int gops) {
        return cursors.add(cursor(gops));
    }

    private PacketCursor cursor(int gops) {
        long key = keys.fromNewest(Math.max(1, gops));
        for (PacketChunk chunk : chunks) {
            if (key < chunk.end() && chunk.tryRetain()) {
                return new PacketCursor(this, new PacketSlot(chunk, (int) Math.max(0, key - chunk.base())));
            }
        }
        return new PacketCursor(this, tail);
    }

    void closed(PacketCursor cursor) {
        cursors.remove(cursor);
    }

    /** Cursors that are open. */
    public int cursors() {
        return cursors.size();
    }

    /** The oldest packet; its chunk is retained. Null when there is none. Any thread. */
    @Nullable
    PacketSlot first() {
        for (PacketChunk chunk = oldest; chunk != null; chunk = oldest) {
            if (chunk.tryRetain()) {
                return new PacketSlot(chunk, 0);
            }
        }
        return null;
    }

    /** Where an overtaken reader goes on: the newest key frame, or the oldest packet when there is none. Any thread. */
    @Nullable
    PacketSlot resume() {
        PacketSlot key = newestKey;
        return key != null && key.chunk().tryRetain() ? key : first();
    }
}
