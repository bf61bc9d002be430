package xiu.stream.text;

/** What others have said, made fit for one quoted value in one line of the log. */
public final class LogText {
    private LogText() {}

    /**
     * The text with a question mark for all that does not print, as line ends, escapes of terminals and marks that change
     * the direction of what follows, and with apostrophes for quotes, so that it cannot pass for other values of the line.
     *
     * @param longest where it is cut, in characters
     */
    public static String of(String text, int longest) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), longest));
        int at = 0;
        while (at < text.length() && safe.length() < longest) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            safe.appendCodePoint(character == '"' ? '\'' : isPrintable(character) ? character : '?');
        }
        return safe.toString();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
