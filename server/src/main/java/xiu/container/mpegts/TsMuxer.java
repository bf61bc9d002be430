package xiu.container.mpegts;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * Packets to segments of a transport stream. Each segment begins with PAT and PMT, which list exactly the
 * tracks that have come. Continuity counters and the program clock run on from segment to segment.
 * Confined to one thread.
 */
public final class TsMuxer {
    private static final int VERSIONS = 32;

    private final ByteBufAllocator allocator;
    private final TsUnits segment;
    private final AudioGroup audio;
    private final TsTracks tracks;
    private final TsPid patPid = new TsPid(TsPid.PAT);
    private final TsPid pmtPid = new TsPid(TsPid.PMT);
    private PsiTables.@Nullable Program lastProgram;
    private boolean clockOnVideo;
    private int version = VERSIONS - 1;

    /** A muxer that takes its memory from {@code allocator}. */
    public TsMuxer(ByteBufAllocator allocator) {
        this.allocator = allocator;
        segment = new TsUnits(allocator);
        audio = AudioGroup.referring(segment);
        tracks = new TsTracks(segment, audio);
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
     * @param restart it does not continue the previous one: its tracks are those that come in it
     * @param withVideo the program clock is carried by the video
     */
    public void begin(boolean restart, boolean withVideo) {
        discard();
        if (restart) {
            tracks.restart();
        }
        clockOnVideo = withVideo;
        tracks.clockOn(withVideo);
        tracks.entry();
    }

    /**
     * Adds a frame of a track that {@link #carries}.
     *
     * @param packet borrowed; the segment may hold the buffer that its sample is in, which must not change any more
     * @return whether there was anything to write: a picture, audio
     * @throws MalformedDataException when it cannot be carried; the segment goes on without it
     */
    public boolean write(MediaPacket packet) {
        return tracks.write(packet);
    }

    /**
     * Reads a frame that is left out: its parameter sets are valid for the frames that follow.
     *
     * @param packet borrowed; of a track that {@link #carries}
     * @throws MalformedDataException when it cannot be read
     */
    public void omit(MediaPacket packet) {
        tracks.omit(packet);
    }

    /** How many bytes the segment has so far. */
    public int bytes() {
        return TsDraft.size(segment) + audio.bytes();
    }

    /** Memory that the segment holds, bytes. */
    public long memory() {
        return segment.memory();
    }

    /** Ends the segment; the caller owns the draft. */
    public TsDraft finish() {
        tracks.flushAudio();
        PsiTables.Program program =
                new PsiTables.Program(tracks.videoType(), tracks.audioType(), clockOnVideo ? TsPid.VIDEO : TsPid.AUDIO);
        if (!program.isSame(lastProgram)) {
            version = (version + 1) % VERSIONS;
            lastProgram = program;
        }
        return new TsDraft(
                allocator, segment, new TsDraft.Tables(patPid.advance(1), pmtPid.advance(1), version, program));
    }

    /** Drops the open segment; the last call. */
    public void discard() {
        audio.clear();
        segment.clear();
    }
}
