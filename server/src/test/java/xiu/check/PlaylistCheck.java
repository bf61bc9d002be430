package xiu.check;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows one live playlist as a client does and throws an {@link AssertionError} at the first thing that RFC 8216 does
 * not allow, in one version of it or from one to the next. Shares no code with the server.
 */
public final class PlaylistCheck {
    private static final Pattern NAME = Pattern.compile("(\\d+)\\.ts(\\?\\S*)?");

    private final Map<Long, Entry> known = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private long target = -1;
    private long sequence = -1;
    private long discontinuities = -1;
    private long newest = -1;
    private boolean ended;

    /** One segment as listed. */
    public record Entry(long number, String uri, double seconds, boolean discontinuity, Instant time) {}

    /** One version of the playlist. */
    public record Playlist(
            long target, long sequence, long discontinuities, boolean independent, boolean ended, List<Entry> entries) {
        /** What all segments last. */
        public double seconds() {
            return entries.stream().mapToDouble(Entry::seconds).sum();
        }
    }

    /** Checks the next version; the entries that are new in it can be told by {@link Playlist#sequence}. */
    public Playlist next(String text) {
        Playlist now = parse(text);
        check(!ended || now.ended(), "grows after its end");
        ended = now.ended();
        if (target >= 0) {
            check(now.target() == target, "target duration %d after %d", now.target(), target);
            check(now.sequence() >= sequence, "media sequence %d after %d", now.sequence(), sequence);
            long gone = removed(now.sequence());
            check(
                    now.discontinuities() == discontinuities + gone,
                    "discontinuity sequence %d after %d and %d removed",
                    now.discontinuities(),
                    discontinuities,
                    gone);
        }
        target = now.target();
        sequence = now.sequence();
        discontinuities = now.discontinuities();
        check(now.sequence() + now.entries().size() - 1 >= newest, "the newest segment %d is gone", newest);
        for (Entry entry : now.entries()) {
            Entry before = known.putIfAbsent(entry.number(), entry);
            check(before == null || before.equals(entry), "segment changed from %s to %s", before, entry);
            check(before != null || names.add(entry.uri()), "name %s is used again", entry.uri());
            check(before != null || entry.number() > newest, "segment %d appears late", entry.number());
            newest = Math.max(newest, entry.number());
        }
        return now;
    }

    private long removed(long upTo) {
        long gone = 0;
        for (long number = sequence; number < upTo; number++) {
            Entry entry = known.get(number);
            gone += entry != null && entry.discontinuity() ? 1 : 0;
        }
        return gone;
    }

    /** Reads and checks one version by itself. */
    public static Playlist parse(String text) {
        check(text.startsWith("#EXTM3U\n") && text.endsWith("\n") && text.indexOf('\r') < 0, "frame of the text");
        Map<String, String> head = new HashMap<>();
        List<Entry> entries = new ArrayList<>();
        double seconds = -1;
        boolean discontinuity = false;
        Instant time = null;
        for (String line : text.split("\n")) {
            check(!head.containsKey("#EXT-X-ENDLIST"), "goes on after its end");
            String tag = line.replaceFirst(":.*", "");
            String value = line.substring(Math.min(line.length(), tag.length() + 1));
            switch (tag) {
                case "#EXTINF" -> {
                    check(value.matches("\\d+\\.\\d+,"), "EXTINF %s", value);
                    seconds = Double.parseDouble(value.substring(0, value.length() - 1));
                }
                case "#EXT-X-DISCONTINUITY" -> discontinuity = true;
                case "#EXT-X-PROGRAM-DATE-TIME" -> time = Instant.parse(value);
                case "#EXTM3U",
                        "#EXT-X-VERSION",
                        "#EXT-X-TARGETDURATION",
                        "#EXT-X-MEDIA-SEQUENCE",
                        "#EXT-X-DISCONTINUITY-SEQUENCE",
                        "#EXT-X-INDEPENDENT-SEGMENTS",
                        "#EXT-X-PLAYLIST-TYPE",
                        "#EXT-X-ENDLIST" -> {
                    check(entries.isEmpty() || tag.equals("#EXT-X-ENDLIST"), "%s behind a segment", tag);
                    check(head.put(tag, value) == null, "%s twice", tag);
                }
                default -> {
                    Matcher name = NAME.matcher(line);
                    check(name.matches(), "line %s", line);
                    check(seconds > 0, "segment without a duration: %s", line);
                    entries.add(new Entry(Long.parseLong(name.group(1)), line, seconds, discontinuity, time));
                    seconds = -1;
                    discontinuity = false;
                    time = null;
                }
            }
        }
        return checked(head, entries);
    }

    private static Playlist checked(Map<String, String> head, List<Entry> entries) {
        check("3".equals(head.get("#EXT-X-VERSION")), "version %s", head.get("#EXT-X-VERSION"));
        long target = Long.parseLong(head.getOrDefault("#EXT-X-TARGETDURATION", "-1"));
        long sequence = Long.parseLong(head.getOrDefault("#EXT-X-MEDIA-SEQUENCE", "0"));
        check(!entries.isEmpty(), "no segments");
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            check(Math.round(entry.seconds()) <= target, "%s s in a target of %d s", entry.seconds(), target);
            check(entry.number() == sequence + i, "segment %d at place %d", entry.number(), sequence + i);
            check(entry.time() != null, "segment %d without a date", entry.number());
        }
        return new Playlist(
                target,
                sequence,
                Long.parseLong(head.getOrDefault("#EXT-X-DISCONTINUITY-SEQUENCE", "0")),
                head.containsKey("#EXT-X-INDEPENDENT-SEGMENTS"),
                head.containsKey("#EXT-X-ENDLIST"),
                List.copyOf(entries));
    }

    private static void check(boolean right, String what, Object... with) {
        if (!right) {
            throw new AssertionError("playlist: " + what.formatted(with));
        }
    }
}
