package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.check.FoundMedia;
import xiu.check.PlainClips;
import xiu.check.PlainSamples;
import xiu.container.flv.FlvDemuxer;
import xiu.container.flv.FlvReader;
import xiu.container.flv.FlvTagFormat;
import xiu.container.flv.Golden;
import xiu.container.flv.OnMetaData;
import xiu.container.flv.WebSocketFlvFormat;
import xiu.container.flv.amf.AmfValue;
import xiu.media.MediaPacket;
import xiu.media.PacketOutput;
import xiu.media.WireFormat;
import xiu.medialog.ByteChunk;
import xiu.medialog.ByteLog;
import xiu.medialog.JoinPoint;
import xiu.medialog.PacketCursor;
import xiu.stream.AccessPolicy;
import xiu.stream.MediaStream;
import xiu.stream.Publication;
import xiu.stream.SampleStreams;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;

/** A publisher that has samples and configurations only, and what players of RTMP and FLV get of it. */
class SamplesToPlayersTest {
    private static final WireFormat FLV = new FlvTagFormat();
    private static final WireFormat WEB_SOCKET = new WebSocketFlvFormat();
    private static final WireFormat RTMP = RtmpMessageFormat.playing(1);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final StreamHub hub =
            new StreamHub(SampleStreams.settings(changes -> changes.gops(64)), AccessPolicy.OPEN, timer);
    private final Publication publication =
            hub.feed(new StreamKey("live", "test"), new SampleStreams.SamplePublisher("A", 1));
    private final MediaStream stream = publication.stream();

    @AfterEach
    void nothingIsLeft() {
        hub.stop();
        assertThat(stream.memory()).isZero();
        timer.shutdownNow();
    }

    private static void play(String clip, PacketOutput out) {
        if (PlainClips.NAMES.contains(clip)) {
            PlainClips.play(clip, out);
        } else {
            new FlvReader(new FlvDemuxer(new PlainSamples(out))).read(Unpooled.wrappedBuffer(Golden.flv(clip)));
        }
    }

    private static FoundMedia original(String clip) {
        FoundMedia found = new FoundMedia();
        play(clip, found);
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h264_aac",
                "hevc_mp3",
                "av1_opus",
                "vp9_alaw",
                "multitrack",
                "flac",
                "ac3",
                "eac3",
                "mu_law",
                "mp3_48",
                "speex",
                "vvc",
                "vp8",
                "second_tracks"
            })
    void playersGetTheSamplesWithTheirTimesAndConfigurations(String clip) {
        FoundMedia original = original(clip);
        List<ByteLog> logs = List.of(stream.byteLog(RTMP), stream.byteLog(FLV), stream.byteLog(WEB_SOCKET));
        play(clip, publication);
        for (ByteLog log : logs) {
            FoundMedia found = new FoundMedia();
            demux(log.format(), joined(log), found);
            assertThat(found.configs).isEqualTo(original.configs);
            assertThat(found.frames).isNotEmpty().isEqualTo(original.fromTheFirstKeyFrame());
        }
        assertThat(kept().frames).isEqualTo(original.fromTheNewestKeyFrame());
    }

    /** The first player of a format comes when the packets stand among the ready bytes of another one. */
    @ParameterizedTest
    @ValueSource(strings = {"h264_aac", "hevc_mp3", "av1_opus"})
    void aFormatThatComesIntoUseLaterHasTheSame(String clip) {
        ByteLog rtmp = stream.byteLog(RTMP);
        play(clip, publication);
        FoundMedia found = new FoundMedia();
        demux(FLV, joined(stream.byteLog(FLV)), found);
        assertThat(found.frames).isEqualTo(original(clip).fromTheFirstKeyFrame());
        stream.readers().leave(rtmp);
    }

    /** H.264 and AAC have the classic headers, which leave no choice but in what stands for nothing. */
    @Test
    void avcAndAacAreTheBodiesThatFfmpegSends() {
        stream.byteLog(FLV);
        play("h264_aac", publication);
        List<String> plain = tags(joined(stream.byteLog(FLV)));
        Publication next = hub.feed(new StreamKey("live", "other"), new SampleStreams.SamplePublisher("B", 1));
        next.stream().byteLog(FLV);
        new FlvReader(new FlvDemuxer(next)).read(Unpooled.wrappedBuffer(Golden.flv("h264_aac")));
        List<String> published = tags(joined(next.stream().byteLog(FLV)));
        // The metadata differs: encoders say more in it than a configuration does.
        assertThat(plain).hasSizeGreaterThan(50);
        assertThat(plain.subList(1, plain.size())).isEqualTo(published.subList(1, published.size()));
    }

    @Test
    void metadataSaysWhatTheConfigurationsSay() {
        stream.byteLog(RTMP);
        play("h264_aac", publication);
        String first = messages(joined(stream.byteLog(RTMP))).getFirst();
        assertThat(first).startsWith("18@0/1 ");
        AmfValue.Fields fields = OnMetaData.fields(bytes(first)).orElseThrow();
        assertThat(fields.number("width")).hasValue(178);
        assertThat(fields.number("height")).hasValue(100);
        assertThat(fields.number("framerate")).hasValue(25);
        assertThat(fields.number("videocodecid")).hasValue(7);
        assertThat(fields.number("audiocodecid")).hasValue(10);
        assertThat(fields.number("audiosamplerate")).hasValue(44_100);
        assertThat(fields.fields().get("stereo")).isEqualTo(AmfValue.of(false));
    }

    @Test
    void whatFlvHasNoNameForIsLeftOutAndNotAnnounced() {
        List<ByteLog> logs = List.of(stream.byteLog(FLV), stream.byteLog(RTMP));
        play("g711_wide", publication);
        for (ByteLog log : logs) {
            assertThat(log.end()).isZero();
        }
        assertThat(stream.memory()).isPositive();
    }

    @Test
    void aConfigurationThatChangesIsSentAgain() {
        ByteLog log = stream.byteLog(RTMP);
        play("h264_aac", publication);
        JoinPoint at = Objects.requireNonNull(log.join(64));
        play("avc_other", publication);
        FoundMedia found = new FoundMedia();
        demux(RTMP, read(at), found);
        assertThat(found.configs).containsExactlyInAnyOrderEntriesOf(union());
    }

    private static java.util.Map<Integer, xiu.codec.CodecConfig> union() {
        java.util.Map<Integer, xiu.codec.CodecConfig> all = new java.util.TreeMap<>(original("h264_aac").configs);
        all.putAll(original("avc_other").configs);
        return all;
    }

    /** What readers of packets find, HLS for one. */
    private FoundMedia kept() {
        FoundMedia kept = new FoundMedia();
        PacketCursor cursor = stream.openCursor();
        for (MediaPacket packet = cursor.next(); packet != null; packet = cursor.next()) {
            packet.bytes().retain();
            kept.write(packet);
        }
        cursor.close();
        return kept;
    }

    private byte[] joined(ByteLog log) {
        return read(Objects.requireNonNull(log.join(64)));
    }

    /** What a player gets that begins here; gives the hold back. */
    private static byte[] read(JoinPoint at) {
        ByteBuf all = Unpooled.buffer().writeBytes(at.preamble());
        ByteChunk chunk = at.chunk();
        int from = at.offset();
        while (chunk != null) {
            ByteChunk next = chunk.next();
            all.writeBytes(chunk.buffer().slice(from, chunk.limit() - from));
            boolean goesOn = next != null && next.tryRetain();
            chunk.release();
            chunk = goesOn ? next : null;
            from = 0;
        }
        return ByteBufUtil.getBytes(all);
    }

    private static void demux(WireFormat format, byte[] bytes, PacketOutput out) {
        FlvDemuxer demuxer = new FlvDemuxer(out);
        if (format.equals(RTMP)) {
            for (String message : messages(bytes)) {
                int millis =
                        Integer.parseUnsignedInt(message.substring(message.indexOf('@') + 1, message.indexOf('/')));
                switch (message.substring(0, message.indexOf('@'))) {
                    case "8" -> demuxer.audio(millis, bytes(message));
                    case "9" -> demuxer.video(millis, bytes(message));
                    default -> demuxer.script(millis, bytes(message));
                }
            }
        } else {
            ByteBuf flv = Unpooled.wrappedBuffer(bytes);
            new FlvReader(demuxer).read(format.equals(FLV) ? flv : unframed(flv));
        }
        assertThat(demuxer.dropped()).isZero();
    }

    private static ByteBuf unframed(ByteBuf frames) {
        ByteBuf payload = Unpooled.buffer();
        while (frames.isReadable()) {
            assertThat(frames.readUnsignedByte()).isEqualTo((short) 0x82);
            int length = frames.readByte();
            length = length == 126 ? frames.readUnsignedShort() : length == 127 ? (int) frames.readLong() : length;
            payload.writeBytes(frames, length);
        }
        return payload;
    }

    private static List<String> messages(byte[] chunks) {
        try (Received received = Received.untracked()) {
            received.decoder.chunkSize(RtmpMessageFormat.CHUNK_SIZE);
            return received.feed(chunks).messages;
        }
    }

    private static ByteBuf bytes(String message) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(message.substring(message.indexOf(' ') + 1)));
    }

    private static List<String> tags(byte[] flv) {
        ByteBuf bytes = Unpooled.wrappedBuffer(flv).skipBytes(13);
        List<String> tags = new ArrayList<>();
        while (bytes.isReadable()) {
            int length = 11 + bytes.getUnsignedMedium(bytes.readerIndex() + 1) + 4;
            tags.add(ByteBufUtil.hexDump(bytes.readSlice(length)));
        }
        return tags;
    }
}
