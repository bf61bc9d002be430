package xiu.medialog;

/**
 * Decides how many bytes the next chunk of a {@link ByteLog} gets, so that it lasts long enough. Confined to the log's
 * writer.
 */
final class ByteChunkSize {
    private static final int FIRST = 64 << 10;
    private static final int LARGEST = 1 << 20;
    /** Sizes are multiples of this, so that a chunk's memory fits the next chunk as well. */
    private static final int STEP = 16 << 10;

    /** How long a chunk should last where many read it, so that their turns seldom cross from one to the next, µs. */
    private static final long SHARED_TIME = 2_500_000;
    /** The same where few read it: many streams with few players need memory rather than time, µs. */
    private static final long TIME = 600_000;

    private static final int MANY_READERS = 16;

    private int bytes = FIRST;

    int bytes() {
        return bytes;
    }

    /** A chunk is full at {@code time}, µs; its length decides the next size. */
    void filled(ByteChunk full, long time) {
        long lasted = Math.max(1, time - full.timeAt(0));
        long wanted = full.readers() < MANY_READERS ? TIME : SHARED_TIME;
        long fitting = full.limit() * wanted / lasted;
        bytes = (int) Math.clamp((fitting / STEP + 1) * STEP, STEP, LARGEST);
    }
}
