package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;
import xiu.codec.AvcConfig;
import xiu.codec.HevcConfig;
import xiu.codec.VideoConfig;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * Frames of a video and an audio track to payload units, with their times, continuity counters and the program clock.
 * Where tables are written is decided by the callers. Confined to one thread.
 */
final class TsTracks {
    /** How far the other track may be ahead of the one with the clock before the clock is written without it, ticks. */
    private static final long AHEAD = 45_000;

    private static final int MAX_PES_HEADER = 19;

    private final TsUnits units;
    private final ProgramClock clock;
    private final AudioGroup audio;
    private final ByteBuf header = Unpooled.buffer(MAX_PES_HEADER);
    private final TsPid videoPid = new TsPid(TsPid.VIDEO);
    private final TsPid audioPid = new TsPid(TsPid.AUDIO);
    private final DecodingTimes videoTimes = new DecodingTimes();
    private final DecodingTimes audioTimes = new DecodingTimes();
    private @Nullable Track videoTrack;
    private @Nullable AccessUnit accessUnit;
    private @Nullable StreamType videoType;
    private @Nullable StreamType audioType;
    private boolean clockOnVideo;
    /**
     * No picture yet since readers may begin: the next one has the parameter sets in front, whatever it is (RFC 8216
     * §3.2).
     */
    private boolean pictureless = true;

    /** Writes to {@code units}, where {@code audio} writes, too. */
    TsTracks(TsUnits units, AudioGroup audio) {
        this.units = units;
        this.audio = audio;
        this.clock = new ProgramClock(units);
    }

    /** What follows does not continue what was before. */
    void restart() {
        videoType = null;
        audioType = null;
        videoTimes.restart();
        audioTimes.restart();
        clock.restart();
    }

    /** A reader may begin with the next frame. */
    void entry() {
        pictureless = true;
    }

    /** The program clock is carried by the video, or else by the audio. */
    void clockOn(boolean video) {
        clockOnVideo = video;
    }

    /** The clock begins at this time, µs, although the track that carries it may not have come yet. */
    void startClock(long micros) {
        clock.start(clockOnVideo ? videoPid : audioPid, TsTime.ticks(micros) - AHEAD);
    }

    /** The next frame that carries the clock has a reference. */
    void demandClock() {
        clock.demand();
    }

    TsPid videoPid() {
        return videoPid;
    }

    TsPid audioPid() {
        return audioPid;
    }

    /** Type of the pictures since the last restart; null: there were none. */
    @Nullable
    StreamType videoType() {
        return videoType;
    }

    /** Type of the audio since the last restart; null: there was none. */
    @Nullable
    StreamType audioType() {
        return audioType;
    }

    /**
     * Adds a frame of a track that is carried.
     *
     * @param packet borrowed; the units may hold the buffer that its sample is in, which must not change any more
     * @return whether there was anything to write: a picture, audio
     * @throws MalformedDataException when it cannot be carried; the units are unchanged
     */
    boolean write(MediaPacket packet) {
        return packet.track().kind() == TrackKind.VIDEO ? writeVideo(packet) : writeAudio(packet);
    }

    /**
     * Reads a frame that is left out: its parameter sets are valid for the frames that follow.
     *
     * @param packet borrowed; of a track that is carried
     * @throws MalformedDataException when it cannot be read
     */
    void omit(MediaPacket packet) {
        if (packet.track().kind() == TrackKind.VIDEO) {
            accessUnit(packet.track()).omit(packet.sample());
        }
    }

    private boolean writeVideo(MediaPacket packet) {
        AccessUnit unit = accessUnit(packet.track());
        ByteBuf sample = packet.sample();
        boolean entry = pictureless
                || packet.keyFrame()
                || packet.track().config() instanceof VideoConfig video && video.isRecoveryPoint(sample);
        int bytes = unit.measure(sample, entry);
        if (bytes == 0) {
            return false;
        }
        pictureless = false;
        videoType = StreamType.of(packet.track().config());
        if (!audio.isEmpty() && packet.dts() - audio.start() > audio.maxDuration()) {
            flushAudio();
        }
        long shown = TsTime.ticks(packet.pts());
        long dts = videoTimes.dts(TsTime.ticks(packet.dts()), shown);
        long pts = Math.max(shown, dts);
        TsMark mark = mark(videoPid, dts, packet.keyFrame());
        header.clear();
        PesHeader.write(PesHeader.VIDEO_STREAM, bytes, pts, dts, header);
        units.begin(videoPid, header.readableBytes() + bytes, mark);
        units.write(header.array(), header.readableBytes());
        unit.write(sample, units);
        return true;
    }

    private AccessUnit accessUnit(Track track) {
        AccessUnit known = accessUnit;
        if (known != null && track == videoTrack) {
            return known;
        }
        AccessUnit unit = track.config() instanceof HevcConfig hevc
                ? AccessUnit.of(hevc)
                : AccessUnit.of((AvcConfig) track.config());
        videoTrack = track;
        accessUnit = unit.after(known);
        return unit;
    }

    private boolean writeAudio(MediaPacket packet) {
        if (!packet.sample().isReadable()) {
            return false;
        }
        StreamType type = StreamType.of(packet.track().config());
        if (type != audioType || !audio.takes(packet)) {
            flushAudio();
        }
        audio.add(packet);
        audioType = type;
        return true;
    }

    /** Writes the audio that has been collected. */
    void flushAudio() {
        if (audio.isEmpty()) {
            return;
        }
        long start = TsTime.ticks(audio.start());
        long pts = audioTimes.dts(start, start);
        TsMark mark = mark(audioPid, pts, !clockOnVideo);
        header.clear();
        PesHeader.write(PesHeader.AUDIO_STREAM, audio.bytes(), pts, pts, header);
        units.begin(audioPid, header.readableBytes() + audio.bytes(), mark);
        units.write(header.array(), header.readableBytes());
        audio.flush();
    }

    private TsMark mark(TsPid pid, long time, boolean randomAccess) {
        TsPid clockPid = clockOnVideo ? videoPid : audioPid;
        if (pid == clockPid) {
            clock.fill(pid, time);
            return clock.mark(time, randomAccess);
        }
        clock.fill(clockPid, time - AHEAD);
        return TsMark.NONE;
    }
}
