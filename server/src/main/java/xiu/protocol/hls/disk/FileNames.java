package xiu.protocol.hls.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xiu.segment.format.TsSegments;
import xiu.stream.StreamKey;

/**
 * The names of one stream's files. Every stream has a folder of its own, {@code root/app/name}, which may contain
 * folders of other streams. Folders are never named like files, so the files of different streams cannot collide.
 */
record FileNames(String stream) {
    /** Longest name on the usual file systems, bytes. */
    private static final int LONGEST = 255;

    private static final String SEGMENT = TsSegments.FORMAT.suffix();
    private static final String PLAYLIST = ".m3u8";
    private static final String JOURNAL = ".journal";
    private static final String JOURNAL_BEGINNING = ".vod_";

    /** The file that is being written, one in any folder, because only one thread writes. */
    static final String UNFINISHED = ".part";

    /** Why a stream can have no files; null: it can. */
    static @Nullable String problem(StreamKey key) {
        for (String level : (key.app() + "/" + key.name()).split("/")) {
            // Some file systems do not distinguish upper and lower case.
            String name = level.toLowerCase(Locale.ROOT);
            if (name.startsWith(".") || name.endsWith(SEGMENT) || name.endsWith(PLAYLIST)) {
                return "named like a file of another stream (expected: no name that begins with a dot or ends in "
                        + SEGMENT + " or " + PLAYLIST + ")";
            }
        }
        String playlist = new FileNames(key.name()).playlist();
        return fits(playlist)
                ? null
                : "name too long: " + length(key.name()) + " bytes (expected: at most " + (LONGEST - PLAYLIST.length())
                        + ")";
    }

    private static boolean fits(String name) {
        return length(name) <= LONGEST;
    }

    private static int length(String name) {
        return name.getBytes(UTF_8).length;
    }

    static String segment(long number) {
        return number + SEGMENT;
    }

    /** The number of a segment with this name, or -1. */
    static long number(String name) {
        return name.endsWith(SEGMENT) ? digits(name.substring(0, name.length() - SEGMENT.length())) : -1;
    }

    private static long digits(String text) {
        boolean decimal = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return decimal ? Long.parseLong(text) : -1;
    }

    String playlist() {
        return stream + PLAYLIST;
    }

    /** A recording's usual name; null where that would be too long. */
    @Nullable
    String recording() {
        String usual = "vod_" + stream + PLAYLIST;
        return fits(usual) ? usual : null;
    }

    /** The name of a recording that begins with this segment, where the usual name is too long or taken. */
    String recording(long first) {
        String named = "vod_" + stream + "_" + first + PLAYLIST;
        return fits(named) ? named : "vod_" + first + PLAYLIST;
    }

    /** A recording that begins with this segment and is not finished. */
    static String journal(long first) {
        return JOURNAL_BEGINNING + first + JOURNAL;
    }

    /** The first segment of the recording of which this is the journal, or -1; earlier versions wrote the stream's name too. */
    static long journalOf(String name) {
        if (!name.startsWith(JOURNAL_BEGINNING) || !name.endsWith(JOURNAL)) {
            return -1;
        }
        String rest = name.substring(0, name.length() - JOURNAL.length());
        rest = rest.endsWith(PLAYLIST) ? rest.substring(0, rest.length() - PLAYLIST.length()) : rest;
        return digits(rest.substring(rest.lastIndexOf('_') + 1));
    }

    /** Whether a file was never finished; earlier versions also wrote the final name into its name. */
    static boolean isUnfinished(String name) {
        return name.startsWith(".") && name.endsWith(UNFINISHED);
    }
}
