package xiu.container.mpegts;

/**
 * Decides where the program clock reference is written: at least every 100 ms of stream time (ISO/IEC 13818-1 §2.7.2),
 * also when the frames that carry it are further apart, and never backwards. Ticks of 90 kHz.
 */
final class ProgramClock {
    /** A frame this long after the last reference carries one, 40 ms. */
    private static final long DUE = 3_600;
    /** Between frames that are further apart a reference of its own is written this often, 90 ms. */
    private static final long STEP = 8_100;
    /** A longer gap is a break and is not filled, 10 s. */
    private static final long BREAK = 900_000;

    private final TsUnits out;
    private long last;
    private boolean running;
    private boolean broken;
    private boolean demanded;

    ProgramClock(TsUnits out) {
        this.out = out;
    }

    /** What follows need not continue the clock. */
    void restart() {
        broken |= running;
        running = false;
    }

    /** Writes references on their own up to shortly before {@code time}. */
    void fill(TsPid pid, long time) {
        if (!running) {
            return;
        }
        if (time - last > BREAK) {
            restart();
            return;
        }
        while (time - last > STEP) {
            last += STEP;
            out.clock(pid, wire(last), false);
        }
    }

    /** Begins the clock at {@code time}, if it does not run yet, although no frame that carries it has come. */
    void start(TsPid pid, long time) {
        if (!running) {
            running = true;
            last = time;
            out.clock(pid, wire(last), broken);
            broken = false;
        }
    }

    /** The next frame must carry a reference. */
    void demand() {
        demanded = true;
    }

    /** The mark of the frame with this decoding time. */
    TsMark mark(long time, boolean randomAccess) {
        if (running && !randomAccess && !demanded && time - last < DUE) {
            return TsMark.NONE;
        }
        last = running ? Math.max(time, last + 1) : time;
        running = true;
        demanded = false;
        boolean discontinuity = broken;
        broken = false;
        return new TsMark(wire(last), randomAccess, discontinuity);
    }

    private static long wire(long time) {
        return time - TsTime.PCR_LEAD & TsTime.MASK;
    }
}
