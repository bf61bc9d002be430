package xiu.log;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.TrackKind;

/**
 * The newest packets of a stream: one writer at a time, any number of cursors on any thread. The writer never waits for
 * a reader; a reader that is overtaken finds that out by the packet's own sequence number, because comparing with the
 * tail would be a race: the slot may be overwritten between the comparison and the use.
 */
public final class PacketLog {
    private static final int FIRST_CAPACITY = 256;
    /** What cursors may be behind before packets older than the kept groups of pictures go, µs. */
    private static final long SLACK = 3_000_000;

    private final LogSettings settings;
    private final AtomicInteger cursors = new AtomicInteger();
    private volatile AtomicReferenceArray<@Nullable MediaPacket> slots = new AtomicReferenceArray<>(FIRST_CAPACITY);
    /** The sequence of the next packet; written after its predecessor's slot, and after {@code slots} when that grew. */
    private volatile long tail;

    private volatile long newestKey = -1;

    private long cuts;

    // Writer only.
    private final KeyFrames keys = new KeyFrames();
    private long head;
    private final AtomicLong bytes = new AtomicLong();

    /** An empty log. */
    public PacketLog(LogSettings settings) {
        this.settings = settings;
    }

    /** The sequence that the next packet must have. */
    public long nextSequence() {
        return tail;
    }

    /** How many packets of the groups that new readers start with had to go, because the log was full; writer only. */
    public long cuts() {
        return cuts;
    }

    /** Bytes of media in the log; any thread. */
    public long bytes() {
        return bytes.get();
    }

    /**
     * Appends a packet; writer only.
     *
     * @param packet with {@link #nextSequence()} as its sequence; consumed
     */
    public void append(MediaPacket packet) {
        long sequence = packet.sequence();
        if (sequence != tail) {
            throw new IllegalArgumentException("sequence: " + sequence + " (expected: " + tail + ")");
        }
        if (sequence - head == slots.length()) {
            grow();
        }
        slots.set(slot(sequence), packet);
        // One writer at a time: ordered stores are enough, and cheaper than locked adds.
        bytes.lazySet(bytes.get() + packet.body().readableBytes());
        if (packet.keyFrame() && packet.track().kind() == TrackKind.VIDEO) {
            keys.add(sequence);
            newestKey = sequence;
        }
        tail = sequence + 1;
        evict(packet.dts());
    }

    private int slot(long sequence) {
        return (int) sequence & (slots.length() - 1);
    }

    private void grow() {
        AtomicReferenceArray<@Nullable MediaPacket> larger = new AtomicReferenceArray<>(slots.length() * 2);
        for (long s = head; s < tail; s++) {
            larger.set((int) s & (larger.length() - 1), slots.get(slot(s)));
        }
        slots = larger;
    }

    private void evict(long now) {
        while (tail - head > 1) {
            MediaPacket oldest = oldest();
            boolean over = bytes.get() > settings.maxBytes()
                    || tail - head > settings.maxPackets()
                    || now - oldest.dts() > settings.maxDuration();
            boolean needed = isNeeded();
            if (!over && (needed || (cursors.get() > 0 && now - oldest.dts() < SLACK))) {
                return;
            }
            if (needed) {
                cuts++;
            }
            dropOldest(oldest);
        }
    }

    /** Whether the oldest packet belongs to the groups of pictures that new readers start with. */
    private boolean isNeeded() {
        long first = keys.fromNewest(Math.max(1, settings.gops()));
        // Without a key frame nobody begins at a certain packet: the slack alone decides.
        return first < 0 ? oldest().dts() > newest().dts() - SLACK : head >= first;
    }

    private MediaPacket oldest() {
        return Objects.requireNonNull(slots.get(slot(head)));
    }

    private MediaPacket newest() {
        return Objects.requireNonNull(slots.get(slot(tail - 1)));
    }

    private void dropOldest(MediaPacket oldest) {
        slots.set(slot(head), null);
        bytes.lazySet(bytes.get() - oldest.body().readableBytes());
        head++;
        keys.forgetBefore(head);
        if (newestKey < head) {
            newestKey = -1;
        }
        oldest.release();
    }

    /** Gives all packets back; writer only, as the last call. */
    public void clear() {
        while (head < tail) {
            dropOldest(oldest());
        }
    }

    /**
     * A reader that begins at the newest key frame, or at the oldest packet when there is none.
     *
     * <p>Any thread.
     */
    public PacketCursor open() {
        cursors.incrementAndGet();
        long key = newestKey;
        return new PacketCursor(this, key >= 0 ? key : oldestReadable());
    }

    /** A reader that begins this many key frames back, or at the oldest packet when there is none; writer only. */
    PacketCursor openBack(int gops) {
        cursors.incrementAndGet();
        long key = keys.fromNewest(Math.max(1, gops));
        return new PacketCursor(this, key >= 0 ? key : head);
    }

    private long oldestReadable() {
        long end = tail;
        AtomicReferenceArray<@Nullable MediaPacket> now = slots;
        long sequence = end;
        while (sequence > 0 && end - sequence < now.length() - 1) {
            MediaPacket packet = now.get((int) (sequence - 1) & (now.length() - 1));
            if (packet == null || packet.sequence() != sequence - 1) {
                break;
            }
            sequence--;
        }
        return sequence;
    }

    void closed() {
        cursors.decrementAndGet();
    }

    /** Cursors that are open. */
    public int cursors() {
        return cursors.get();
    }

    long tail() {
        return tail;
    }

    /** Where an overtaken reader goes on: the newest key frame, or the oldest packet when there is none. */
    long resumeAt() {
        long key = newestKey;
        return key >= 0 ? key : oldestReadable();
    }

    /** The packet with this sequence, retained; null when it is gone. */
    @Nullable
    MediaPacket retained(long sequence) {
        AtomicReferenceArray<@Nullable MediaPacket> now = slots;
        MediaPacket packet = now.get((int) sequence & (now.length() - 1));
        if (packet == null || !packet.tryRetain()) {
            return null;
        }
        if (packet.sequence() != sequence) {
            packet.release();
            return null;
        }
        return packet;
    }
}
