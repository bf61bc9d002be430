package xiu.medialog;

/** How many bytes the next chunk of a {@link ByteLog} gets: as much as lasts long enough. Confined to the log's writer. */
final class ByteChunkSize {
    private static final int FIRST = 64 << 10;
    private static final int LARGEST = 1 << 20;
    /** A chunk's bytes come in steps, so that they fit the next one too. */
    private static final int STEP = 16 << 10;

    /** A chunk should last this long where many read it, so that their turns seldom cross to the next, µs. */
    private static final long SHARED_TIME = 2_500_000;
    /** The same where few do: many streams of few players need memory rather than time, µs. */
    private static final long TIME = 600_000;

    private static final int MANY_READERS = 16;

    private int bytes = FIRST;

    int bytes() {
        return bytes;
    }

    /** A chunk is full at {@code time}, µs. */
    void filled(ByteChunk full, long time) {
        long lasted = Math.max(1, time - full.timeAt(0));
        long wanted = full.readers() < MANY_READERS ? TIME : SHARED_TIME;
        long fitting = full.limit() * wanted / lasted;
        bytes = (int) Math.clamp((fitting / STEP + 1) * STEP, STEP, LARGEST);
    }
}
