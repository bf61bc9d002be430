package xiu.medialog;

import java.util.Arrays;

/**
 * Where the packets of a chunk of ready bytes end, and when they are. Goes round from chunk to chunk, so that it is large
 * enough after the first ones. One writer; how many entries count is the chunk's business.
 */
final class ByteIndex {
    private static final int FEW = 32;

    // Volatile, because a reader may meet an array that has grown since, whose older entries must be there for it as
    // well.
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
        // Found: offset is where that packet ends, so the byte belongs to the following one.
        return found >= 0 ? found + 1 : -found - 1;
    }
}
