package xiu.codec.video;

/** How many colour samples a picture has; in the order of chroma_format_idc (ITU-T H.264 table 6-1). */
public enum Chroma {
    /** No colour. */
    MONOCHROME(false, false),
    /** Half as many across and down. */
    YUV_420(true, true),
    /** Half as many across. */
    YUV_422(true, false),
    /** One for each pixel. */
    YUV_444(false, false);

    private final boolean halvedAcross;
    private final boolean halvedDown;

    Chroma(boolean halvedAcross, boolean halvedDown) {
        this.halvedAcross = halvedAcross;
        this.halvedDown = halvedDown;
    }

    /** Of chroma_format_idc, 0 to 3. */
    public static Chroma of(int chromaFormat) {
        return switch (chromaFormat) {
            case 0 -> MONOCHROME;
            case 1 -> YUV_420;
            case 2 -> YUV_422;
            default -> YUV_444;
        };
    }

    /** Pixels of the picture for each colour sample across, 1 or 2. */
    public int stepAcross() {
        return halvedAcross ? 2 : 1;
    }

    /** Pixels of the picture for each colour sample down, 1 or 2. */
    public int stepDown() {
        return halvedDown ? 2 : 1;
    }
}
