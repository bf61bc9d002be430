package xiu.codec.video;

/**
 * What the numbers of a picture mean as colours; the code points of ITU-T H.273, which all codecs share.
 *
 * @param primaries ColourPrimaries: 1 is BT.709, 9 is BT.2020
 * @param transfer TransferCharacteristics: 1 is BT.709, 16 is PQ, 18 is HLG
 * @param matrix MatrixCoefficients: 1 is BT.709, 9 is BT.2020
 * @param fullRange whether the numbers use all values of their bits
 */
public record ColorDescription(int primaries, int transfer, int matrix, boolean fullRange) {
    /** The code point that H.273 calls unspecified. */
    public static final int NOT_SPECIFIED = 2;
    /** Nothing is specified. */
    public static final ColorDescription UNSPECIFIED =
            new ColorDescription(NOT_SPECIFIED, NOT_SPECIFIED, NOT_SPECIFIED, false);

    private static final int PQ = 16;
    private static final int HLG = 18;

    /** Whether primaries, transfer and matrix are all unspecified. */
    public boolean unspecified() {
        return primaries == NOT_SPECIFIED && transfer == NOT_SPECIFIED && matrix == NOT_SPECIFIED;
    }

    /** How bright the picture may be. */
    public VideoRange range() {
        return switch (transfer) {
            case PQ -> VideoRange.PQ;
            case HLG -> VideoRange.HLG;
            default -> VideoRange.SDR;
        };
    }
}
