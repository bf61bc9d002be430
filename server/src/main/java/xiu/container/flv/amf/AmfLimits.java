package xiu.container.flv.amf;

/**
 * What the AMF values of one message may cost.
 *
 * @param depth values within values
 * @param bytes what they weigh together: 16 for each, and the bytes of its strings; a reference weighs as much as what it
 *     stands for, so that a few bytes cannot describe a tree of billions
 * @param stringBytes longest string, name or document
 */
public record AmfLimits(int depth, int bytes, int stringBytes) {
    private static final AmfLimits DEFAULTS = new AmfLimits(32, 4 << 20, 1 << 20);

    /** More than any encoder or player needs. */
    public static AmfLimits defaults() {
        return DEFAULTS;
    }
}
