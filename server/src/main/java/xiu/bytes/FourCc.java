package xiu.bytes;

/** Four-character codes as 32-bit numbers, so that they can be switched on and read without making an object. */
public final class FourCc {
    private FourCc() {}

    /**
     * The code of four ASCII characters.
     *
     * @throws IllegalArgumentException unless there are four of them
     */
    public static int of(String text) {
        if (text.length() != 4) {
            throw new IllegalArgumentException("four-character code: " + text + " (expected: 4 characters)");
        }
        return text.charAt(0) << 24 | text.charAt(1) << 16 | text.charAt(2) << 8 | text.charAt(3);
    }

    /** Four characters; whatever is not printable ASCII becomes a dot, so the text is safe in logs. */
    public static String text(int code) {
        StringBuilder text = new StringBuilder(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            int character = code >>> shift & 0xFF;
            text.append(character > 0x20 && character < 0x7F ? (char) character : '.');
        }
        return text.toString();
    }
}
