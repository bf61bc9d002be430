package xiu.container.flv.amf;

/**
 * What the AMF values of one message may cost.
 *
 * @param depth values within values
 * @param bytes what all of them cost together: 16 for each, and the bytes of its strings; a reference costs as much as
 *     the value that it refers to, so that a few bytes cannot describe a tree of billions
 * @param stringBytes longest string, name or document
 */
public record AmfLimits(int depth, int bytes, int stringBytes) {
    private static final AmfLimits DEFAULTS = new AmfLimits(32, 4 << 20, 1 << 20);

    /** More than any encoder or player needs. */
    public static AmfLimits defaults() {
        return DEFAULTS;
    }
}
