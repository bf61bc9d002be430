package xiu.medialog;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Entry;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;
import xiu.medialog.join.JoinRule;

/**
 * The places of a {@link ByteLog} where readers can begin, oldest first: pictures that {@link JoinRule} chooses, and
 * audio where there are no pictures. Guarded by the log, except where it says "any thread".
 */
final class Marks {
    /** Distance of the places where readers begin with audio, µs. */
    private static final long SOUND_STEP = 1_000_000;
    /** How long readers that would begin with audio wait for the first picture, µs. */
    private static final long FIRST_PICTURE = 2_000_000;

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private final JoinRule rule = new JoinRule();
    private final WireFormat format;
    private final boolean pictures;
    private final long darkness;
    private int pictureMarks;
    private long newestPicture = UNKNOWN;
    private volatile long newestPosition = -1;

    /**
     * The places of a log in this format. When no picture has come for {@code darkness}, µs, readers begin with audio.
     */
    Marks(WireFormat format, long darkness) {
        this.format = format;
        this.pictures = format.carries(TrackKind.VIDEO) || !format.carries(TrackKind.AUDIO);
        this.darkness = darkness;
    }

    /** Another publisher follows. */
    void restart() {
        newestPicture = UNKNOWN;
    }

    /** Whether readers can begin with a packet that is about to be appended; called once for each packet. */
    boolean isEntry(MediaPacket packet, List<Track> tracks) {
        boolean picture = packet.track().kind() == TrackKind.VIDEO;
        if (newestPicture == UNKNOWN || picture) {
            newestPicture = packet.dts();
        }
        if (picture) {
            if (pictures) {
                forgetSound();
            }
            return rule.entry(packet, pictureMarks == 0) != Entry.NONE && pictures;
        }
        return packet.track().kind() == TrackKind.AUDIO && isSoundMark(packet, tracks);
    }

    /** Adds the place at which the packet will be, and the tracks that are valid there. */
    void add(MediaPacket packet, Mark.Start place, List<Track> tracks) {
        boolean picture = packet.track().kind() == TrackKind.VIDEO;
        marks.addLast(new Mark(place, packet.dts(), picture, tracks));
        pictureMarks += picture ? 1 : 0;
        changed();
    }

    /**
     * Drops places at audio when pictures come again: pictures after those places lack the frames that they refer to.
     */
    private void forgetSound() {
        while (pictureMarks > 0 && !marks.getLast().isPicture()) {
            marks.removeLast();
            changed();
        }
    }

    private boolean isSoundMark(MediaPacket packet, List<Track> tracks) {
        if (!marks.isEmpty() && packet.dts() - marks.getLast().time() < SOUND_STEP) {
            return false;
        }
        long wait = pictureMarks > 0 ? darkness : FIRST_PICTURE;
        return !pictures || isAudioOnly(tracks) || packet.dts() - newestPicture > wait;
    }

    private boolean isAudioOnly(List<Track> tracks) {
        for (int i = 0; i < tracks.size(); i++) {
            if (tracks.get(i).kind() == TrackKind.VIDEO && format.carries(tracks.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Keeps the newest, at most {@code count}. */
    void keep(int count) {
        while (marks.size() > count) {
            removeFirst();
        }
    }

    /** Drops those in a chunk that is evicted, which is the oldest of the log. */
    void forget(ByteChunk oldest) {
        while (isOldestIn(oldest)) {
            removeFirst();
        }
    }

    void clear() {
        marks.clear();
        pictureMarks = 0;
        changed();
    }

    private void removeFirst() {
        pictureMarks -= marks.removeFirst().isPicture() ? 1 : 0;
        changed();
    }

    boolean isOldestIn(ByteChunk chunk) {
        return !marks.isEmpty() && marks.getFirst().chunk() == chunk;
    }

    boolean isNewestIn(ByteChunk chunk) {
        return !marks.isEmpty() && marks.getLast().chunk() == chunk;
    }

    /** The position of the newest, or -1; any thread. */
    long newestPosition() {
        return newestPosition;
    }

    private void changed() {
        newestPosition = marks.isEmpty() ? -1 : marks.getLast().position();
    }

    /** The newest, or null. */
    @Nullable
    Mark newest() {
        return marks.peekLast();
    }

    /** The n-th from the newest (1: the newest), or the oldest there is; null when there is none. */
    @Nullable
    Mark fromNewest(int n) {
        Mark found = null;
        Iterator<Mark> newestFirst = marks.descendingIterator();
        for (int i = 0; i < n && newestFirst.hasNext(); i++) {
            found = newestFirst.next();
        }
        return found;
    }
}
