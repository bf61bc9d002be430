package xiu.protocol.hls;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import xiu.bytes.MalformedDataException;
import xiu.container.mpegts.TsDraft;
import xiu.container.mpegts.TsMuxer;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.protocol.hls.cut.CutRule;
import xiu.protocol.hls.cut.Lineup;
import xiu.protocol.hls.cut.MediaTimes;

/**
 * One stream's packets in, segments of MPEG-TS out. Segments begin at key frames and last at least a fragment; key
 * frames that are too far apart, stalled video and bytes beyond the limit end a segment in between. A break of the
 * timeline and a changed track begin a new sequence of segments, marked by a discontinuity. Confined to one thread.
 */
final class HlsSegmenter {
    /** How long audio waits for the first key frame of video that was announced, µs. */
    private static final long PATIENCE = 3_000_000;
    /** An audio-only beginning shorter than this is given up when video appears, µs. */
    private static final long FALSE_START = 1_000_000;

    private static final long AUDIO_STEP = 100_000;
    private static final long UNSET = Long.MIN_VALUE;

    private final TsMuxer muxer;
    private final CutRule rule;
    private final MediaTimes times = new MediaTimes();
    private final Lineup lineup = new Lineup();
    private final String name;
    private final long mostBytes;
    private final LongSupplier wallMillis;
    private final Consumer<Cut> output;
    private boolean videoAnnounced;
    private int epoch = -1;
    private long firstAudio = UNSET;
    private boolean produced;
    private long malformed;

    // The sequence and its open segment.
    private boolean open;
    private boolean afresh = true;
    private long start;
    private int frames;
    private boolean videoSeen;
    private boolean independent;
    private long anchorPosition;
    private long anchorMillis;

    /**
     * A finished segment.
     *
     * @param draft the receiver's
     * @param duration µs
     * @param wallMillis when its first frame came, ms since 1970
     * @param discontinuity it does not continue the segment before
     * @param independent it can be decoded without the segment before
     */
    record Cut(TsDraft draft, long duration, long wallMillis, boolean discontinuity, boolean independent) {}

    /** {@code name} is the stream's, for the log. */
    HlsSegmenter(
            String name,
            HlsSettings settings,
            ByteBufAllocator allocator,
            LongSupplier wallMillis,
            Consumer<Cut> output) {
        this.name = name;
        this.muxer = new TsMuxer(allocator);
        this.rule = new CutRule(settings.fragment(), settings.aofRatio());
        this.mostBytes = settings.limits().segmentBytes();
        this.wallMillis = wallMillis;
        this.output = output;
    }

    /** The target duration in seconds; 0 until it is settled, which is before the first playlist. */
    int target() {
        return rule.target();
    }

    /** Frames that could not be carried. */
    long malformed() {
        return malformed;
    }

    /** Which tracks the stream has by now; those that MPEG-TS does not carry are left out. */
    void announce(List<Track> tracks) {
        videoAnnounced = false;
        for (Track track : tracks) {
            videoAnnounced |= track.id() == Track.VIDEO_ID && TsMuxer.carries(track);
        }
    }

    /** The next packet; borrowed. */
    void packet(MediaPacket packet) {
        Track track = packet.track();
        boolean video = track.id() == Track.VIDEO_ID && track.kind() == TrackKind.VIDEO;
        boolean audio = track.id() == Track.AUDIO_ID && track.kind() == TrackKind.AUDIO;
        // A frame without a sample is news for players of FLV only.
        boolean empty = packet.sampleOffset() >= packet.body().readableBytes();
        if (!video && !audio || empty || !TsMuxer.carries(track)) {
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

    /** What follows does not continue what was: packets were lost, or another publisher came. */
    void breakTimeline() {
        if (open) {
            cut(times.end(), false);
        }
        times.reset();
        afresh = true;
        firstAudio = UNSET;
    }

    /** The stream is over: ends the last segment. */
    void end() {
        if (open) {
            cut(times.end(), false);
        }
        rule.settle();
    }

    /** Gives all memory back. */
    void close() {
        open = false;
        muxer.discard();
    }

    private void video(MediaPacket packet) {
        long position = times.position(packet);
        if (open && isBreak(position)) {
            breakTimeline();
            position = times.position(packet);
        }
        if (packet.keyFrame()) {
            keyFrame(packet, position);
        } else if (!open || !lineup.hasVideo(packet.track())) {
            return;
        } else if (position - start + times.interval() > rule.limit() || isFull(packet)) {
            cut(position, true);
            lineup.tookVideo();
            begin(position);
        }
        times.tookVideo(packet, position);
        if (write(packet)) {
            independent &= videoSeen || packet.keyFrame();
            videoSeen = true;
        }
    }

    private void keyFrame(MediaPacket packet, long position) {
        if (!open) {
            lineup.restart(packet.track());
            begin(position);
        } else if (!lineup.hasVideo(packet.track()) || lineup.mustChange()) {
            if (!produced && !lineup.withVideo() && position - start < FALSE_START) {
                open = false;
            } else {
                cut(position, false);
            }
            afresh = true;
            lineup.restart(packet.track());
            begin(position);
        } else if (rule.endsAtKeyFrame(position - start, times.longestGop()) || isFull(packet)) {
            cut(position, true);
            lineup.tookVideo();
            begin(position);
        }
    }

    private void audio(MediaPacket packet) {
        long position = times.audioPosition(packet);
        boolean alone = !lineup.withVideo() || times.videoStalled(position);
        if (open && isBreak(alone ? position : position - MediaTimes.MOST_SKEW)) {
            breakTimeline();
            position = times.audioPosition(packet);
        }
        if (!open && !beginWithAudio(packet)) {
            return;
        }
        if (!lineup.hasAudio(packet.track(), afresh)) {
            if (lineup.withVideo() && !times.videoGone(position)) {
                return;
            }
            cut(position, false);
            afresh = true;
            lineup.restart(null);
            lineup.hasAudio(packet.track(), true);
            begin(position);
        } else if (frames > 0 && (endsAtAudio(position - start, alone) || isFull(packet))) {
            cut(position, true);
            lineup.tookAudio();
            begin(position);
        }
        times.tookAudio(packet, !lineup.withVideo());
        lineup.tookAudio();
        write(packet);
    }

    private boolean endsAtAudio(long elapsed, boolean alone) {
        return lineup.withVideo() ? alone && elapsed + AUDIO_STEP > rule.limit() : rule.endsAtAudio(elapsed);
    }

    /** Begins a sequence without video, unless video is still to come. */
    private boolean beginWithAudio(MediaPacket packet) {
        if (waitsForVideo(packet)) {
            return false;
        }
        lineup.restart(null);
        begin(times.audioPosition(packet));
        return true;
    }

    private boolean waitsForVideo(MediaPacket audio) {
        if (firstAudio == UNSET) {
            firstAudio = audio.pts();
        }
        return videoAnnounced && audio.pts() - firstAudio < PATIENCE;
    }

    private boolean isBreak(long position) {
        return position - start > rule.hardLimit() || times.leaps(position);
    }

    private boolean isFull(MediaPacket packet) {
        boolean full = frames > 0
                && (muxer.bytes() + packet.body().readableBytes() > mostBytes
                        || muxer.memory() > mostBytes * HlsSegment.MOST_HELD);
        if (full) {
            HlsWindow.LINES.happened(
                    "limit_hls_segment_bytes", name, "cut at " + muxer.bytes() + " bytes, " + muxer.memory() + " held");
        }
        return full;
    }

    private void begin(long position) {
        if (lineup.isDeserted()) {
            afresh = true;
            lineup.dropDeserted();
        }
        muxer.begin(afresh, lineup.withVideo());
        if (afresh) {
            anchorPosition = position;
            anchorMillis = wallMillis.getAsLong();
        }
        open = true;
        start = position;
        frames = 0;
        videoSeen = false;
        independent = true;
    }

    private boolean write(MediaPacket packet) {
        boolean written = false;
        try {
            written = muxer.write(packet);
        } catch (MalformedDataException e) {
            malformed++;
        }
        frames += written ? 1 : 0;
        return written;
    }

    /** Ends the open segment; {@code regular}: nothing unusual ended it. */
    private void cut(long position, boolean regular) {
        open = false;
        if (frames == 0) {
            muxer.discard();
            return;
        }
        long duration = Math.clamp(position - start, 1_000, rule.hardLimit());
        rule.done(duration, regular);
        lineup.segmentDone(videoSeen);
        long millis = anchorMillis + (start - anchorPosition) / 1000;
        boolean discontinuity = afresh && produced;
        afresh = false;
        produced = true;
        output.accept(new Cut(muxer.finish(), duration, millis, discontinuity, independent));
    }
}
