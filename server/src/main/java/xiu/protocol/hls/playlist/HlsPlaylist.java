package xiu.protocol.hls.playlist;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import xiu.segment.format.TsSegments;
import xiu.segment.window.Segment;
import xiu.segment.window.WindowState;

/**
 * The content of a playlist at one moment (RFC 8216 §4.3). Immutable; holds no segment's bytes.
 *
 * @param target the longest segment in whole seconds
 * @param discontinuitySequence discontinuities in front of the first entry
 * @param entries the segments, oldest first; their numbers rise by one
 * @param ended nothing will be added
 */
public record HlsPlaylist(int target, long discontinuitySequence, List<Entry> entries, boolean ended) {
    /** Its media type. */
    public static final String MEDIA_TYPE = "application/vnd.apple.mpegurl";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Copies the list. */
    public HlsPlaylist {
        entries = List.copyOf(entries);
    }

    /** The playlist of the segments that can be fetched. */
    public static HlsPlaylist of(WindowState state) {
        List<Entry> entries = state.segments().stream().map(Entry::of).toList();
        return new HlsPlaylist(state.target(), state.discontinuitySequence(), entries, state.ended());
    }

    /**
     * One segment in the playlist.
     *
     * @param duration µs
     * @param wallMillis when it was made, ms since 1970
     */
    public record Entry(long number, long duration, long wallMillis, boolean discontinuity, boolean independent) {
        /** The entry of a segment. */
        public static Entry of(Segment segment) {
            return new Entry(
                    segment.number(),
                    segment.duration(),
                    segment.wallMillis(),
                    segment.discontinuity(),
                    segment.independent());
        }

        /** The same entry after a missing segment. */
        public Entry afterHole() {
            return new Entry(number, duration, wallMillis, true, independent);
        }

        /** Writes the lines of the entry, with a suffix behind the name. */
        public void write(String suffix, StringBuilder out) {
            if (discontinuity) {
                out.append("#EXT-X-DISCONTINUITY\n");
            }
            out.append("#EXT-X-PROGRAM-DATE-TIME:");
            TIME.formatTo(Instant.ofEpochMilli(wallMillis), out);
            out.append("\n#EXTINF:").append(seconds()).append(",\n");
            out.append(number).append(TsSegments.FORMAT.suffix()).append(suffix).append('\n');
        }

        private String seconds() {
            long whole = duration / 1_000_000;
            long rest = duration % 1_000_000;
            return rest % 1000 == 0
                    ? String.format(Locale.ROOT, "%d.%03d", whole, rest / 1000)
                    : String.format(Locale.ROOT, "%d.%06d", whole, rest);
        }
    }

    /** The lines before the first entry of any playlist. */
    public static StringBuilder head(int target, long sequence) {
        return new StringBuilder("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:")
                .append(target)
                .append("\n#EXT-X-MEDIA-SEQUENCE:")
                .append(sequence)
                .append('\n');
    }

    /** The sequence number of the first entry. */
    public long firstNumber() {
        return entries.getFirst().number();
    }

    /** The sequence number of the last entry. */
    public long lastNumber() {
        return entries.getLast().number();
    }

    /** The text; {@code suffix} stands behind every segment's name. */
    public String text(String suffix) {
        StringBuilder out = head(target, firstNumber());
        out.append("#EXT-X-DISCONTINUITY-SEQUENCE:")
                .append(discontinuitySequence)
                .append('\n');
        // Only if it is true: a group of pictures longer than the target has to be cut in the middle.
        if (entries.stream().allMatch(Entry::independent)) {
            out.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        }
        for (Entry entry : entries) {
            entry.write(suffix, out);
        }
        if (ended) {
            out.append("#EXT-X-ENDLIST\n");
        }
        return out.toString();
    }

    /** The same playlist without the entries before {@code number}; may have none. */
    public HlsPlaylist from(long number) {
        List<Entry> left = entries.stream().filter(e -> e.number() >= number).toList();
        long gone = entries.stream()
                .filter(e -> e.number() < number && e.discontinuity())
                .count();
        return new HlsPlaylist(target, discontinuitySequence + gone, left, ended);
    }
}
