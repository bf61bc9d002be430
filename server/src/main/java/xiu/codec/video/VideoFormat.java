package xiu.codec.video;

/**
 * What a decoded picture is like, as far as the stream says before its first frame.
 *
 * @param width of the picture shown, pixels, after cropping; 0 when not known
 * @param height of the picture shown, pixels, after cropping; 0 when not known
 * @param sampleAspect width of a pixel by its height
 * @param frameRate frames per second
 * @param bitDepth bits of a luma sample; 0 when not known
 * @param chroma how many colour samples there are
 * @param color what the samples mean
 */
public record VideoFormat(
        int width,
        int height,
        Rational sampleAspect,
        Rational frameRate,
        int bitDepth,
        Chroma chroma,
        ColorDescription color) {
    /** Nothing is known. */
    public static final VideoFormat UNKNOWN =
            new VideoFormat(0, 0, Rational.UNKNOWN, Rational.UNKNOWN, 0, Chroma.YUV_420, ColorDescription.UNSPECIFIED);

    /** The same pictures in a known size. */
    public VideoFormat sized(int newWidth, int newHeight) {
        return new VideoFormat(newWidth, newHeight, sampleAspect, frameRate, bitDepth, chroma, color);
    }

    /** The same pictures with what a parameter set's usability information says. */
    VideoFormat described(VideoUsability usability) {
        return new VideoFormat(
                width, height, usability.sampleAspect(), usability.frameRate(), bitDepth, chroma, usability.color());
    }
}
