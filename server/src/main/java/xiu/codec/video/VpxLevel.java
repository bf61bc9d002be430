package xiu.codec.video;

/** The levels of VP9, which VP8 borrows: ten times the level's number (VP9 levels, WebM project). */
final class VpxLevel {
    /** The largest picture of a level, pixels; among levels with the same picture the lowest stands for all. */
    private static final int[][] LARGEST = {
        {36_864, 10},
        {73_728, 11},
        {122_880, 20},
        {245_760, 21},
        {552_960, 30},
        {983_040, 31},
        {2_228_224, 40},
        {8_912_896, 50},
        {35_651_584, 60}
    };

    private VpxLevel() {}

    /** The lowest level that has pictures of this size; for streams that do not say theirs. */
    static int of(int width, int height) {
        long pixels = (long) width * height;
        for (int[] level : LARGEST) {
            if (pixels <= level[0]) {
                return level[1];
            }
        }
        return 62;
    }
}
