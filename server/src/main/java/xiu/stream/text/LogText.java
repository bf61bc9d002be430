package xiu.stream.text;

/** Text of others, in a form that fits into one quoted value of one log line. */
public final class LogText {
    private LogText() {}

    /**
     * The text, with a question mark for every character that does not print (line ends, escapes of terminals, marks
     * that change the direction of text) and apostrophes for quotes, so that it cannot look like other values of the
     * line.
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
