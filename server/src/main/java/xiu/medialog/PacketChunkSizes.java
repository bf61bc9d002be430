package xiu.medialog;

/** How large the chunks of a {@link PacketLog} are: what goes at once, and what goes round as memory. */
record PacketChunkSizes(LogSettings settings) {
    private static final int SMALLEST = 4 << 10;
    private static final int LARGEST = 1 << 20;
    /** About how much media is let go at once, µs. */
    private static final long TIME = 500_000;
    /** A chunk's bytes come in steps, so that they fit the next one too; those for a single large packet in longer ones. */
    private static final int STEP = 4 << 10;

    private static final int LARGE_STEP = 16 << 10;

    private static final int PACKETS = 128;
    /** Not more than this part of what the log may hold goes at once. */
    private static final int PARTS = 8;
    /** About so many chunks hold a group of pictures that is longer than the log shall last. */
    private static final int SPANS = 32;

    /** The most bytes that go at once. */
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

    /** How long a chunk may be in a log that is so long, µs. With a long group the number of chunks does not grow as it does. */
    long longest(long span) {
        return Math.max(Math.min(2 * TIME, settings.maxDuration() / PARTS), span / SPANS);
    }
}
