package xiu.medialog;

import java.util.Arrays;

/**
 * Where the packets of a chunk of ready bytes end, and their times. Used again by later chunks, so that it seldom has
 * to grow. One writer; the chunk knows how many entries are valid.
 */
final class ByteIndex {
    private static final int FEW = 32;

    // Volatile, because readers may see an array that has grown, whose older entries they must see as well.
    private volatile int[] ends = new int[FEW];
    private volatile int[] millis = new int[FEW];

    /** Sets an entry; those before it have been set. */
    void set(int packet, int end, int time) {
        if (packet == ends.length) {
            ends = Arrays.copyOf(ends, packet * 2);
            millis = Arrays.copyOf(millis, packet * 2);
        }
        ends[packet] = end;
        millis[packet] = time;
    }

    /** Where the packet ends in its chunk. */
    int end(int packet) {
        return ends[packet];
    }

    /** The packet's time, ms after the chunk's first. */
    int millis(int packet) {
        return millis[packet];
    }

    /** The packet, one of the first {@code count}, that holds the byte at {@code offset}; {@code count} at the very end. */
    int packetAt(int offset, int count) {
        int found = Arrays.binarySearch(ends, 0, count, offset);
        // Found: the packet ends at offset, so the byte belongs to the next one.
        return found >= 0 ? found + 1 : -found - 1;
    }
}
