package xiu.container.mpegts;

/** One packet identifier and its continuity counter, which is never reset. */
final class TsPid {
    static final int PAT = 0;
    static final int PMT = 0x1000;
    static final int VIDEO = 0x100;
    static final int AUDIO = 0x101;

    private final int value;
    private int counter = 15;

    TsPid(int value) {
        this.value = value;
    }

    int value() {
        return value;
    }

    /** Advances by so many packets with payload; returns the counter of the first. */
    int advance(int packets) {
        int first = counter + 1 & 15;
        counter = counter + packets & 15;
        return first;
    }

    /** The counter of a packet without payload: the last one again. */
    int current() {
        return counter;
    }
}
