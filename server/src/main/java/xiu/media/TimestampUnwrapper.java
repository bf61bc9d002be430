package xiu.media;

/** Turns 32-bit milliseconds, which wrap, into 64-bit milliseconds. Confined to one thread. */
public final class TimestampUnwrapper {
    private long last;
    private boolean started;

    /**
     * The 64-bit time nearest to the previous one. A step of less than 2^31 ms back stays a step back.
     *
     * @param wire the low 32 bits, as received
     */
    public long unwrap(int wire) {
        if (!started) {
            started = true;
            last = Integer.toUnsignedLong(wire);
        } else {
            last += wire - (int) last;
        }
        return last;
    }
}
