package xiu.medialog.join;

/**
 * The sequences of the key frames in a log, oldest first. Confined to the log's writer, which uses it for every packet:
 * a ring of plain longs, because the shipped JVM compiles without escape analysis and would allocate boxes and
 * iterators.
 */
public final class KeyFrames {
    /** More groups of pictures than a new player may be configured to start with, which is 64. A power of two. */
    private static final int MOST = 128;

    private static final int FIRST_CAPACITY = 4;

    private long[] ring = new long[FIRST_CAPACITY];
    /** How many were added in all, and how many of those were removed. */
    private long added;

    private long gone;

    /** Adds the newest. */
    public void add(long sequence) {
        if (added - gone == ring.length) {
            if (ring.length == MOST) {
                gone++;
            } else {
                grow();
            }
        }
        ring[place(added++)] = sequence;
    }

    /** Removes those before this sequence. */
    public void forgetBefore(long head) {
        while (gone < added && ring[place(gone)] < head) {
            gone++;
        }
    }

    /** The n-th key frame from the newest (1: the newest), or the oldest there is; -1 when there is none. */
    public long fromNewest(int n) {
        return gone == added ? -1 : ring[place(Math.max(gone, added - n))];
    }

    private int place(long index) {
        return (int) index & (ring.length - 1);
    }

    private void grow() {
        long[] larger = new long[ring.length * 2];
        for (long i = gone; i < added; i++) {
            larger[(int) i & (larger.length - 1)] = ring[place(i)];
        }
        ring = larger;
    }
}
