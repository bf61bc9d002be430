package xiu.medialog;

/** Decides how large the chunks of a {@link PacketLog} are, which are evicted and used again as a whole. */
record PacketChunkSizes(LogSettings settings) {
    private static final int SMALLEST = 4 << 10;
    private static final int LARGEST = 1 << 20;
    /** About how much media time one chunk contains, µs. */
    private static final long TIME = 500_000;
    /** Sizes are multiples of this, so that a chunk's memory fits the next one as well. */
    private static final int STEP = 4 << 10;

    private static final int LARGE_STEP = 16 << 10;

    private static final int PACKETS = 128;
    /** No chunk is larger than this part of the log. */
    private static final int PARTS = 8;
    /** A group of pictures that is longer than the log shall last is in about this many chunks. */
    private static final int SPANS = 32;

    /** The largest size of a chunk, bytes. */
    long part() {
        return settings.maxBytes() / PARTS;
    }

    /** How many packets a chunk can have. */
    int packets() {
        return Math.clamp(settings.maxPackets() / PARTS, 1, PACKETS);
    }

    /**
     * How many bytes a chunk gets.
     *
     * @param need bytes of the packet that it is for
     * @param filled bytes of the log's sealed chunks
     * @param span how long the log is, µs
     */
    int bytes(int need, long filled, long span) {
        long fitting = filled * TIME / Math.max(TIME, span);
        long usual = Math.min(Math.clamp((fitting / STEP + 1) * STEP, SMALLEST, LARGEST), part());
        return need <= usual ? (int) usual : (need + LARGE_STEP - 1) / LARGE_STEP * LARGE_STEP;
    }

    /**
     * How much media time a chunk may contain in a log of this length, µs. With a long group of pictures chunks become
     * longer, not more.
     */
    long longest(long span) {
        return Math.max(Math.min(2 * TIME, settings.maxDuration() / PARTS), span / SPANS);
    }
}
