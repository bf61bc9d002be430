package xiu.codec.video;

/**
 * A fraction in its lowest terms: frames per second, or the shape of a pixel.
 *
 * @param numerator 0 when the value is not known
 * @param denominator 1 or more
 */
public record Rational(long numerator, long denominator) {
    /** Nothing is known of the value. */
    public static final Rational UNKNOWN = new Rational(0, 1);
    /** 1:1. */
    public static final Rational ONE = new Rational(1, 1);

    /** The fraction of two numbers; {@link #UNKNOWN} when either is not above 0. */
    public static Rational of(long numerator, long denominator) {
        if (numerator <= 0 || denominator <= 0) {
            return UNKNOWN;
        }
        long divisor = greatestCommonDivisor(numerator, denominator);
        return new Rational(numerator / divisor, denominator / divisor);
    }

    /** Whether the value is known. */
    public boolean known() {
        return numerator > 0;
    }

    /** The value; 0 when it is not known. */
    public double value() {
        return (double) numerator / denominator;
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
