package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;
import xiu.codec.CodecConfig;
import xiu.codec.OpaqueConfig;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.TimestampUnwrapper;
import xiu.media.Track;
import xiu.media.TrackKind;

/**
 * Reads the bodies of FLV tags, which are also those of RTMP's audio, video and data messages, into tracks and packets.
 * A body is kept exactly as it came. Sequence headers and {@code onMetaData} become tracks and not packets. What is no
 * frame but may matter to a player (commands, colour descriptions, packet types of the future) becomes a packet with an
 * empty sample. What is empty, cut off or oversized is dropped and counted; nothing that a peer sends makes this fail.
 *
 * <p>Only key frames of the first video track count, or of track 0 when there is one: of several tracks each has key
 * frames, but not at the same time, and a player that began at one of another track would lack the first track's.
 *
 * <p>Confined to one thread; one per connection, because all its tracks share a clock.
 */
public final class FlvDemuxer {
    /** Video bodies that hold several tracks at once; only RTMP and FLV can carry them. */
    public static final int MANY_VIDEO_ID = 5;
    /** Audio bodies that hold several tracks at once. */
    public static final int MANY_AUDIO_ID = 6;

    private static final int MAX_TRACKS = 32;
    private static final int MAX_HEADER = 64 << 10;
    private static final int MAX_METADATA = 1 << 20;

    private final PacketOutput out;
    private final TimestampUnwrapper clock = new TimestampUnwrapper();
    private final IntObjectMap<Lane> lanes = new IntObjectHashMap<>();
    private int keyTrack = -1;
    private long dropped;

    /** A track and the codec its frames must have. */
    private record Lane(Track track, int codec) {}

    /** A configuration that was found in a sequence header or a first frame. */
    private record Found(int id, TrackKind kind, int codec, CodecConfig config) {}

    /** A demuxer that writes to {@code out}, on the caller's thread. */
    public FlvDemuxer(PacketOutput out) {
        this.out = out;
    }

    /**
     * The body of a video tag or message.
     *
     * @param wireMillis its timestamp, the low 32 bits
     * @param body consumed
     */
    public void video(int wireMillis, ByteBuf body) {
        long millis = clock.unwrap(wireMillis);
        FlvVideoBody video = FlvVideoBody.parse(body);
        int id = videoId(video.track());
        switch (video.content()) {
            case SEQUENCE_HEADER -> {
                ByteBuf record = rest(body, video.offset());
                CodecConfig config =
                        id == MANY_VIDEO_ID ? new OpaqueConfig("multitrack") : FlvConfigs.video(video.codec(), record);
                header(new Found(id, TrackKind.VIDEO, video.codec(), config), body);
            }
            case FRAME -> {
                Lane lane = videoLane(id, video, body);
                boolean keyFrame = video.keyFrame() && isKeyTrack(id);
                write(lane, time(millis, video.presentation()), keyFrame, body, video.offset());
            }
            case DESCRIPTION -> {
                CodecConfig color = FlvConfigs.color(rest(body, video.offset()));
                describe(id, new Found(Track.VIDEO_DESCRIPTION_ID, TrackKind.VIDEO, 0, color), millis, body);
            }
            case OTHER -> other(lanes.get(id), millis, body);
            case END_OF_SEQUENCE -> body.release();
            case NOTHING -> drop(body);
        }
    }

    /**
     * The body of an audio tag or message.
     *
     * @param wireMillis its timestamp, the low 32 bits
     * @param body consumed
     */
    public void audio(int wireMillis, ByteBuf body) {
        long millis = clock.unwrap(wireMillis);
        FlvAudioBody audio = FlvAudioBody.parse(body);
        int id = audioId(audio.track());
        switch (audio.content()) {
            case SEQUENCE_HEADER -> {
                ByteBuf record = rest(body, audio.offset());
                CodecConfig config =
                        id == MANY_AUDIO_ID ? new OpaqueConfig("multitrack") : FlvConfigs.audio(audio.codec(), record);
                header(new Found(id, TrackKind.AUDIO, audio.codec(), config), body);
            }
            case FRAME -> {
                Lane lane = audioLane(id, audio, body);
                long time = 1000 * millis + audio.presentation();
                write(lane, new MediaPacket.Time(time, time), false, body, audio.offset());
            }
            case DESCRIPTION -> {
                CodecConfig layout = new OpaqueConfig(FlvConfigs.DESCRIPTION);
                describe(id, new Found(Track.AUDIO_DESCRIPTION_ID, TrackKind.AUDIO, 0, layout), millis, body);
            }
            case OTHER -> other(lanes.get(id), millis, body);
            case END_OF_SEQUENCE -> body.release();
            case NOTHING -> drop(body);
        }
    }

    /**
     * The body of a script tag, or of an AMF0 data message. {@code @setDataFrame}, which is for the server, is removed;
     * {@code onMetaData} becomes the metadata track; everything else becomes a packet of that track.
     *
     * @param wireMillis its timestamp, the low 32 bits
     * @param body consumed
     */
    public void script(int wireMillis, ByteBuf body) {
        long millis = clock.unwrap(wireMillis);
        boolean metadata = OnMetaData.unwrap(body);
        if (!body.isReadable()) {
            drop(body);
            return;
        }
        Found found = new Found(Track.METADATA_ID, TrackKind.DATA, 0, new OpaqueConfig("amf0"));
        if (metadata) {
            header(found, body);
            return;
        }
        Lane lane = lanes.get(Track.METADATA_ID);
        if (lane == null) {
            lane = configure(found, Unpooled.EMPTY_BUFFER);
        }
        write(lane, time(millis, 0), false, body, 0);
    }

    /** How many bodies were dropped. */
    public long dropped() {
        return dropped;
    }

    private @Nullable Lane videoLane(int id, FlvVideoBody video, ByteBuf body) {
        int codec = video.codec();
        Lane lane = lanes.get(id);
        boolean known = lane != null && lane.codec == codec;
        boolean sized = video.keyFrame() && FlvConfigs.keyFramesHaveSizes(codec);
        if (lane != null && known && !sized) {
            return lane;
        }
        CodecConfig before = lane != null && known ? lane.track.config() : null;
        CodecConfig config = FlvConfigs.ofVideoFrame(codec, before, sample(id, body, video.offset()));
        if (lane != null && known) {
            return config.equals(before) ? lane : replace(new Found(id, TrackKind.VIDEO, codec, config), lane);
        }
        return configure(new Found(id, TrackKind.VIDEO, codec, config), Unpooled.EMPTY_BUFFER);
    }

    private @Nullable Lane audioLane(int id, FlvAudioBody audio, ByteBuf body) {
        int codec = audio.codec();
        Lane lane = lanes.get(id);
        boolean known = lane != null && lane.codec == codec;
        if (lane != null && known && !FlvConfigs.framesHaveHeaders(codec)) {
            return lane;
        }
        int tag = body.getByte(body.readerIndex());
        CodecConfig config = FlvConfigs.ofAudioFrame(codec, tag, sample(id, body, audio.offset()));
        if (lane != null && known) {
            boolean unchanged = config instanceof OpaqueConfig || FlvConfigs.same(lane.track.config(), config);
            return unchanged ? lane : replace(new Found(id, TrackKind.AUDIO, codec, config), lane);
        }
        return configure(new Found(id, TrackKind.AUDIO, codec, config), Unpooled.EMPTY_BUFFER);
    }

    private void header(Found found, ByteBuf body) {
        int limit = found.kind == TrackKind.DATA ? MAX_METADATA : MAX_HEADER;
        try {
            Lane before = lanes.get(found.id);
            boolean repeated = before != null && before.codec == found.codec && body.equals(before.track.flvHeader());
            if (!repeated && (body.readableBytes() > limit || configure(found, body) == null)) {
                dropped++;
            }
        } finally {
            body.release();
        }
    }

    /** Configures a track; null when there are too many. Borrows the header. */
    private @Nullable Lane configure(Found found, ByteBuf header) {
        if (lanes.size() == MAX_TRACKS && !lanes.containsKey(found.id)) {
            return null;
        }
        byte[] copy = ByteBufUtil.getBytes(header, header.readerIndex(), header.readableBytes(), true);
        return configure(
                found,
                new Track(
                        found.id,
                        found.kind,
                        found.config,
                        Unpooled.wrappedBuffer(copy).asReadOnly()));
    }

    /** The same track with the configuration of a frame. */
    private Lane replace(Found found, Lane before) {
        return configure(found, new Track(found.id, found.kind, found.config, before.track.flvHeader()));
    }

    private Lane configure(Found found, Track track) {
        Lane lane = new Lane(track, found.codec);
        lanes.put(found.id, lane);
        out.configure(track);
        return lane;
    }

    /** A description becomes a packet, for players who watch, and a track, for players who come later. */
    private void describe(int id, Found found, long millis, ByteBuf body) {
        boolean alone = id == Track.VIDEO_ID || id == Track.AUDIO_ID;
        if (alone && body.readableBytes() <= MAX_HEADER) {
            header(found, body);
        } else {
            other(lanes.get(id), millis, body);
        }
    }

    private void other(@Nullable Lane lane, long millis, ByteBuf body) {
        write(lane, time(millis, 0), false, body, body.readableBytes());
    }

    private void write(@Nullable Lane lane, MediaPacket.Time time, boolean keyFrame, ByteBuf body, int tagHeaderBytes) {
        if (lane == null) {
            drop(body);
            return;
        }
        out.write(new MediaPacket(lane.track, time, keyFrame, body, tagHeaderBytes));
    }

    private void drop(ByteBuf body) {
        dropped++;
        body.release();
    }

    private boolean isKeyTrack(int id) {
        if (keyTrack < 0 || id == Track.VIDEO_ID) {
            keyTrack = id;
        }
        return id == keyTrack;
    }

    private static MediaPacket.Time time(long millis, long presentation) {
        return new MediaPacket.Time(1000 * millis, 1000 * millis + presentation);
    }

    private static ByteBuf rest(ByteBuf body, int offset) {
        return body.slice(body.readerIndex() + offset, body.readableBytes() - offset);
    }

    /** The sample from which a frame's configuration may be read; empty for a body that contains several tracks. */
    private static ByteBuf sample(int id, ByteBuf body, int offset) {
        return id == MANY_VIDEO_ID || id == MANY_AUDIO_ID ? Unpooled.EMPTY_BUFFER : rest(body, offset);
    }

    private static int videoId(int track) {
        return switch (track) {
            case ExHeader.SINGLE -> Track.VIDEO_ID;
            case ExHeader.MANY -> MANY_VIDEO_ID;
            default -> Track.videoId(track);
        };
    }

    private static int audioId(int track) {
        return switch (track) {
            case ExHeader.SINGLE -> Track.AUDIO_ID;
            case ExHeader.MANY -> MANY_AUDIO_ID;
            default -> Track.audioId(track);
        };
    }
}
