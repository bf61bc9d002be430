package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;
import xiu.codec.AvcConfig;
import xiu.codec.HevcConfig;
import xiu.codec.VideoConfig;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * Packets to segments of a transport stream. Each segment begins with PAT and PMT, which list exactly the
 * tracks that have come. Continuity counters and the program clock run on from segment to segment.
 * Confined to one thread.
 */
public final class TsMuxer {
    /** How far the other track may run ahead of the one with the clock before the clock is helped on, ticks. */
    private static final long AHEAD = 45_000;

    private static final int VERSIONS = 32;
    private static final int MAX_PES_HEADER = 19;

    private final ByteBufAllocator allocator;
    private final TsUnits segment;
    private final ProgramClock clock;
    private final AudioGroup audio;
    private final ByteBuf header = Unpooled.buffer(MAX_PES_HEADER);
    private final TsPid patPid = new TsPid(TsPid.PAT);
    private final TsPid pmtPid = new TsPid(TsPid.PMT);
    private final TsPid videoPid = new TsPid(TsPid.VIDEO);
    private final TsPid audioPid = new TsPid(TsPid.AUDIO);
    private final DecodingTimes videoTimes = new DecodingTimes();
    private final DecodingTimes audioTimes = new DecodingTimes();
    private @Nullable Track videoTrack;
    private @Nullable AccessUnit accessUnit;
    private @Nullable StreamType videoType;
    private @Nullable StreamType audioType;
    private PsiTables.@Nullable Program lastProgram;
    private boolean clockOnVideo;
    /** The segment has no picture yet: its first one has the parameter sets in front, whatever it is (RFC 8216 §3.2). */
    private boolean pictureless = true;

    private int version = VERSIONS - 1;

    /** A muxer that takes its memory from {@code allocator}. */
    public TsMuxer(ByteBufAllocator allocator) {
        this.allocator = allocator;
        segment = new TsUnits(allocator);
        clock = new ProgramClock(segment);
        audio = new AudioGroup(segment);
    }

    /** Whether a transport stream can carry the track. */
    public static boolean carries(Track track) {
        return StreamType.of(track.config()) != null;
    }

    /** Whether there is media, but none that can be carried. */
    public static boolean carriesNone(List<Track> tracks) {
        boolean media = false;
        for (Track track : tracks) {
            if (carries(track)) {
                return false;
            }
            media |= track.kind() != TrackKind.DATA;
        }
        return media;
    }

    /**
     * Begins a segment.
     *
     * @param afresh it does not continue the last one: its tracks are those that come in it
     * @param withVideo the program clock travels with the video
     */
    public void begin(boolean afresh, boolean withVideo) {
        discard();
        if (afresh) {
            videoType = null;
            audioType = null;
            videoTimes.restart();
            audioTimes.restart();
            clock.restart();
        }
        clockOnVideo = withVideo;
        pictureless = true;
    }

    /**
     * Adds a frame of a track that {@link #carries}.
     *
     * @param packet borrowed; the segment may hold the memory its body lies in, which must not change any more
     * @return whether there was anything to write: a picture, a sound
     * @throws MalformedDataException when it cannot be carried; the segment goes on without it
     */
    public boolean write(MediaPacket packet) {
        return packet.track().kind() == TrackKind.VIDEO ? writeVideo(packet) : writeAudio(packet);
    }

    /**
     * Takes notice of a frame that is left out: parameter sets that it brings hold for those that follow.
     *
     * @param packet borrowed; of a track that {@link #carries}
     * @throws MalformedDataException when it cannot be read
     */
    public void omit(MediaPacket packet) {
        if (packet.track().kind() == TrackKind.VIDEO) {
            accessUnit(packet.track()).omit(packet.sample());
        }
    }

    /** How many bytes the segment has by now. */
    public int bytes() {
        return TsDraft.size(segment) + audio.bytes();
    }

    /** Memory that the segment keeps from being used for something else, bytes. */
    public long memory() {
        return segment.memory();
    }

    /** Ends the segment; the draft is the caller's. */
    public TsDraft finish() {
        flushAudio();
        PsiTables.Program program =
                new PsiTables.Program(videoType, audioType, clockOnVideo ? TsPid.VIDEO : TsPid.AUDIO);
        if (!program.isSame(lastProgram)) {
            version = (version + 1) % VERSIONS;
            lastProgram = program;
        }
        return new TsDraft(
                allocator, segment, new TsDraft.Tables(patPid.advance(1), pmtPid.advance(1), version, program));
    }

    /** Forgets the segment that was begun; the last call to a muxer that has begun one. */
    public void discard() {
        audio.clear();
        segment.clear();
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
        if (!audio.isEmpty() && packet.dts() - audio.start() > AudioGroup.MAX_DURATION) {
            flushAudio();
        }
        long shown = TsTime.ticks(packet.pts());
        long dts = videoTimes.dts(TsTime.ticks(packet.dts()), shown);
        long pts = Math.max(shown, dts);
        TsMark mark = mark(videoPid, dts, packet.keyFrame());
        header.clear();
        PesHeader.write(PesHeader.VIDEO_STREAM, bytes, pts, dts, header);
        segment.begin(videoPid, header.readableBytes() + bytes, mark);
        segment.write(header.array(), header.readableBytes());
        unit.write(sample, segment);
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

    private void flushAudio() {
        if (audio.isEmpty()) {
            return;
        }
        long start = TsTime.ticks(audio.start());
        long pts = audioTimes.dts(start, start);
        TsMark mark = mark(audioPid, pts, !clockOnVideo);
        header.clear();
        PesHeader.write(PesHeader.AUDIO_STREAM, audio.bytes(), pts, pts, header);
        segment.begin(audioPid, header.readableBytes() + audio.bytes(), mark);
        segment.write(header.array(), header.readableBytes());
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
