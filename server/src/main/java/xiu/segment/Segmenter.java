package xiu.segment;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Entry;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.segment.cut.CutRule;
import xiu.segment.cut.MediaTimes;
import xiu.segment.cut.PictureScan;
import xiu.segment.cut.TrackSelection;
import xiu.segment.format.SegmentFormat;
import xiu.segment.window.SegmentCut;

/**
 * One stream's packets in, segments out. Segments begin where a decoder can and last at least a fragment; key
 * frames that are too far apart, stalled video and bytes beyond the limit end a segment in between. A break of the
 * timeline and a changed or new track begin a new sequence of segments, marked by a discontinuity; a pause does not.
 * Confined to one thread.
 */
final class Segmenter {
    /** How long audio waits for the first key frame of video that was announced, µs. */
    private static final long VIDEO_WAIT = 3_000_000;
    /** If video appears sooner than this after a beginning with audio alone, that beginning is dropped, µs. */
    private static final long FALSE_START = 1_000_000;

    private static final long AUDIO_STEP = 100_000;
    private static final long UNSET = Long.MIN_VALUE;

    private final SegmentFormat format;
    private final SegmentWriter segment;
    private final CutRule rule;
    private final MediaTimes times = new MediaTimes();
    private final TrackSelection selection = new TrackSelection();
    private final PictureScan pictures = new PictureScan();
    private final LongSupplier wallMillis;
    private final Consumer<SegmentCut> output;
    private boolean videoAnnounced;
    private int epoch = -1;
    private long firstAudio = UNSET;
    private boolean produced;
    /**
     * The sequence of pictures that can be decoded without a new place to begin, because all before them were taken; 0:
     * none.
     */
    private int decodable;

    // The sequence and its open segment.
    private boolean open;
    /** Nothing came for a while: the next frame begins a segment. */
    private boolean resting;

    private boolean restart = true;
    private long start;
    private long anchorPosition;
    private long anchorMillis;

    /** {@code name}: of the stream, for the log. */
    Segmenter(String name, SegmentSettings settings, SegmentParts parts, Consumer<SegmentCut> output) {
        this.format = parts.format();
        this.segment = new SegmentWriter(name, settings.segmentBytes(), format.open(parts.allocator()));
        this.rule = new CutRule(settings.fragment(), settings.audioRatio());
        this.wallMillis = parts.wallMillis();
        this.output = output;
    }

    /** The target duration in seconds; 0 until it is decided, which is before the first playlist. */
    int target() {
        return rule.target();
    }

    /** Frames that could not be carried. */
    long malformed() {
        return segment.malformed();
    }

    /** Whether the open segment has reached this part of its expected duration. */
    boolean isOpenFor(double part) {
        long expected = rule.target() == 0 ? rule.fragment() : rule.target() * 1_000_000L;
        return open && !segment.isEmpty() && times.end() - start >= expected * part;
    }

    /** Sets the current tracks of the stream; those that the format does not carry are ignored. */
    void announce(List<Track> tracks) {
        videoAnnounced = false;
        for (Track track : tracks) {
            videoAnnounced |= track.id() == Track.VIDEO_ID && format.carries(track);
        }
    }

    /** Takes the next packet; borrowed. */
    void packet(MediaPacket packet) {
        Track track = packet.track();
        boolean video = track.id() == Track.VIDEO_ID && track.kind() == TrackKind.VIDEO;
        boolean audio = track.id() == Track.AUDIO_ID && track.kind() == TrackKind.AUDIO;
        if (!video && !audio || packet.isEmpty() || !format.carries(track)) {
            return;
        }
        if (packet.epoch() != epoch) {
            breakTimeline();
            epoch = packet.epoch();
        }
        if (video) {
            video(packet);
        } else {
            audio(packet);
        }
    }

    /** What follows does not continue what was before: packets were lost, or another publisher came. */
    void breakTimeline() {
        if (open) {
            cut(times.end(), false);
        }
        times.reset();
        decodable = 0;
        resting = false;
        restart = true;
        firstAudio = UNSET;
    }

    /** Nothing has come for a while: what came last becomes a segment, so that viewers see it. */
    void rest() {
        if (open && !segment.isEmpty()) {
            // As a regular end: otherwise the playlist would wait for another segment, and show nothing meanwhile.
            cut(times.end(), true);
            resting = true;
        }
    }

    /** The stream has ended: ends the last segment. */
    void end() {
        if (open) {
            cut(times.end(), false);
        }
        rule.decideTarget();
    }

    /** Releases all memory. */
    void close() {
        open = false;
        segment.discard();
    }

    private void video(MediaPacket packet) {
        pictures.scan(packet);
        if (!pictures.hasPicture()) {
            segment.write(packet);
            return;
        }
        boolean entry = pictures.isEntry();
        boolean begins = entry || packet.entry() != Entry.NONE;
        if (!begins && pictures.sequence() != decodable) {
            segment.omit(packet);
            return;
        }
        long position = times.position(packet);
        resume(position, times.paused(position));
        makeRoom(packet, position, entry);
        start = Math.min(start, position);
        times.tookVideo(position, entry);
        if (segment.write(packet)) {
            decodable = pictures.sequence();
        }
    }

    /** Begins a segment, or a sequence, if the picture may not be in the open one. */
    private void makeRoom(MediaPacket packet, long position, boolean entry) {
        if (!open) {
            selection.restart(pictures.sequence());
            begin(position);
            return;
        }
        long elapsed = position - start;
        boolean ends =
                (entry ? rule.endsAtEntry(elapsed, times.longestGop()) : elapsed + times.interval() > rule.limit())
                        || segment.isFull(packet);
        if (!selection.hasVideo(pictures.sequence()) || selection.mustChange() && (entry || ends)) {
            if (!produced && !selection.withVideo() && position - start < FALSE_START) {
                open = false;
            } else {
                cut(position, false);
            }
            restart = true;
            selection.restart(pictures.sequence());
            begin(position);
        } else if (ends) {
            cut(position, true);
            begin(position);
        }
    }

    /** Begins a segment after a pause. Not a discontinuity: what follows is decoded with what was before. */
    private void resume(long position, boolean paused) {
        if (open && paused) {
            cut(times.end(), false);
            resting = true;
        }
        if (resting) {
            begin(position);
        }
    }

    private void audio(MediaPacket packet) {
        long position = times.audioPosition(packet);
        boolean alone = !selection.withVideo() || times.videoStalled(position);
        resume(position, times.paused(alone ? position : position - MediaTimes.MOST_SKEW));
        if (!open && !beginWithAudio(packet)) {
            return;
        }
        if (!selection.hasAudio(packet.track(), restart)) {
            if (selection.withVideo() && !times.videoGone(position)) {
                return;
            }
            cut(position, false);
            restart = true;
            selection.restart(0);
            selection.hasAudio(packet.track(), true);
            begin(position);
        } else if (!segment.isEmpty() && (endsAtAudio(position - start, alone) || segment.isFull(packet))) {
            cut(position, true);
            begin(position);
        }
        times.tookAudio(packet, !selection.withVideo());
        segment.write(packet);
    }

    private boolean endsAtAudio(long elapsed, boolean alone) {
        if (!selection.withVideo()) {
            return rule.endsAtAudio(elapsed);
        }
        return alone && elapsed + AUDIO_STEP > rule.limit() || elapsed > rule.hardLimit();
    }

    /** Begins a sequence without video, unless video is still to come. */
    private boolean beginWithAudio(MediaPacket packet) {
        if (waitsForVideo(packet)) {
            return false;
        }
        selection.restart(0);
        begin(times.audioPosition(packet));
        return true;
    }

    private boolean waitsForVideo(MediaPacket audio) {
        if (firstAudio == UNSET) {
            firstAudio = audio.pts();
        }
        return videoAnnounced && audio.pts() - firstAudio < VIDEO_WAIT;
    }

    private void begin(long position) {
        segment.begin(restart, selection.withVideo());
        if (restart) {
            anchorPosition = position;
            anchorMillis = wallMillis.getAsLong();
        }
        open = true;
        resting = false;
        start = position;
    }

    /** Ends the open segment; {@code regular}: at a place where segments usually end. */
    private void cut(long position, boolean regular) {
        open = false;
        if (segment.isEmpty()) {
            segment.discard();
            return;
        }
        long duration = Math.clamp(position - start, 1_000, rule.hardLimit());
        rule.done(duration, regular);
        long millis = anchorMillis + (start - anchorPosition) / 1000;
        boolean discontinuity = restart && produced;
        boolean independent = segment.isIndependent();
        restart = false;
        produced = true;
        output.accept(new SegmentCut(segment.finish(), duration, millis, discontinuity, independent));
    }
}
