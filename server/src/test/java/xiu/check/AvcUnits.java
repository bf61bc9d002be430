package xiu.check;

/** Short NAL units of H.264, in hexadecimal: the sets of {@link MediaFeed#AVC}, others, and slices that name them. */
public final class AvcUnits {
    /** What {@link MediaFeed#AVC} has. */
    public static final String SPS = "6742c01e95a0";

    /** What {@link MediaFeed#AVC} has. */
    public static final String PPS = "68ce3c80";

    /** Another one of the same number, with another size of the picture: what {@link MediaFeed#OTHER_AVC} has. */
    public static final String NEWER_SPS = "6742c01f95b0";

    /** Another one of the same number: what {@link MediaFeed#OTHER_AVC} has. */
    public static final String NEWER_PPS = "68ce3c81";

    /** A key frame. */
    public static final String IDR = "658880";

    /** Any other picture. */
    public static final String SLICE = "419880";

    /** SEI: a recovery point, and the stop bit. */
    public static final String RECOVERY = "0606018480";

    private AvcUnits() {}
}
