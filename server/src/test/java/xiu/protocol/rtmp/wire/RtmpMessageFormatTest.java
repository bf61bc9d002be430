package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.check.MediaFeed;
import xiu.codec.OpaqueConfig;
import xiu.container.flv.Bytes;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;

class RtmpMessageFormatTest {
    private static final Track VIDEO = track(Track.VIDEO_ID, TrackKind.VIDEO, "1700000000");
    private static final Track AUDIO = track(Track.AUDIO_ID, TrackKind.AUDIO, "af00");
    private static final Track METADATA = track(Track.METADATA_ID, TrackKind.DATA, "02000a6f6e4d65746144617461");

    private final RtmpMessageFormat format = RtmpMessageFormat.playing(1);

    private static Track track(int id, TrackKind kind, String header) {
        return new Track(id, kind, new OpaqueConfig("x"), Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(header)));
    }

    private static MediaPacket packet(Track track, long millis, byte[] body) {
        return new MediaPacket(
                track, new MediaPacket.Time(millis * 1000, millis * 1000), true, Unpooled.wrappedBuffer(body), 0);
    }

    private static List<String> decoded(ByteBuf chunks) {
        try (Received received = Received.untracked()) {
            received.decoder.chunkSize(RtmpMessageFormat.CHUNK_SIZE);
            return received.feed(ByteBufUtil.getBytes(chunks)).messages;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 40, 0xFFFFFE, 0xFFFFFF, 0x1000000, 18_000_000, 0xFFFFFFFFL, 0x100000028L})
    void packetsComeBackWithTheirBodyAndTheirTime(long millis) {
        byte[] body = new byte[150_000];
        new java.util.Random(millis).nextBytes(body);
        MediaPacket packet = packet(VIDEO, millis, body);
        ByteBuf out = Unpooled.buffer();
        format.packet(packet, out);
        assertThat(decoded(out)).containsExactly(Received.text(9, (int) millis, 1, body));
        assertThat(out.readableBytes()).isLessThanOrEqualTo(body.length + format.overhead(body.length));
        assertThat(packet.bytes().readableBytes()).isEqualTo(body.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 59_999, 60_000})
    void aBodyOfOneChunkStandsAtTheEnd(int length) {
        byte[] body = new byte[length];
        new java.util.Random(length).nextBytes(body);
        for (Track track : List.of(VIDEO, AUDIO, METADATA)) {
            for (RtmpMessageFormat each : List.of(format, RtmpMessageFormat.publishing(1))) {
                ByteBuf out = Unpooled.buffer();
                MediaPacket packet = packet(track, 0xFFFFFFFFL, body);
                each.packet(packet, out);
                assertThat(each.trailer(packet)).isZero();
                assertThat(out.skipBytes(out.readableBytes() - length)).isEqualTo(Unpooled.wrappedBuffer(body));
            }
        }
    }

    @Test
    void aBodyOfSeveralChunksOrOfATrackThatIsLeftOutStandsNowhere() {
        assertThat(format.trailer(packet(VIDEO, 0, new byte[60_001]))).isNegative();
        assertThat(format.withAudio(false).trailer(packet(AUDIO, 0, new byte[10])))
                .isNegative();
        assertThat(format.withVideo(false).trailer(packet(VIDEO, 0, new byte[10])))
                .isNegative();
        assertThat(format.withAudio(false).holdsPackets()).isFalse();
        assertThat(format.withVideo(false).holdsPackets()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 59_999, 60_000, 60_001, 120_000, 180_001})
    void theOverheadIsAnUpperBoundForAllLengths(int length) {
        ByteBuf out = Unpooled.buffer();
        format.packet(packet(AUDIO, 0xFFFFFFFFL, new byte[length]), out);
        assertThat(out.readableBytes()).isLessThanOrEqualTo(length + format.overhead(length));
        assertThat(decoded(out)).hasSize(1);
    }

    /** With the tag header in front the message may be longer than a chunk although the sample is not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 59_991, 59_992, 59_993, 60_000, 60_001, 120_000, 180_001})
    void aSampleStandsBehindTheTagHeaderThatIsWrittenForIt(int length) {
        byte[] sample = new byte[length];
        new java.util.Random(length).nextBytes(sample);
        Track track = new Track(Track.VIDEO_ID, TrackKind.VIDEO, MediaFeed.HEVC.config());
        MediaPacket packet =
                new MediaPacket(track, new MediaPacket.Time(0, 40_000), true, Unpooled.wrappedBuffer(sample));
        ByteBuf out = Unpooled.buffer();
        format.packet(packet, out);
        byte[] body = ByteBufUtil.getBytes(
                Unpooled.wrappedBuffer(Bytes.of("91 68766331 000028"), Unpooled.wrappedBuffer(sample)));
        assertThat(decoded(out)).containsExactly(Received.text(9, 0, 1, body));
        assertThat(out.readableBytes()).isLessThanOrEqualTo(length + format.overhead(length));
        assertThat(format.trailer(packet)).isEqualTo(body.length <= 60_000 ? 0 : -1);
        if (body.length <= 60_000) {
            assertThat(out.skipBytes(out.readableBytes() - length)).isEqualTo(Unpooled.wrappedBuffer(sample));
        }
    }

    @Test
    void configurationIsTheHeaderAsAMessage() {
        ByteBuf out = Unpooled.buffer();
        format.begin(List.of(METADATA, VIDEO, AUDIO), out);
        format.configuration(METADATA, 5_000_000, out);
        format.configuration(VIDEO, 5_000_000, out);
        format.configuration(AUDIO, 5_000_000, out);
        assertThat(decoded(out))
                .containsExactly("18@0/1 02000a6f6e4d65746144617461", "9@5000/1 1700000000", "8@5000/1 af00");
    }

    @Test
    void aTrackWithoutHeaderHasNoConfiguration() {
        ByteBuf out = Unpooled.buffer();
        format.configuration(track(Track.VIDEO_ID, TrackKind.VIDEO, ""), 0, out);
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void whatIsNotWantedIsLeftOut() {
        ByteBuf out = Unpooled.buffer();
        format.withAudio(false).packet(packet(AUDIO, 0, new byte[3]), out);
        format.withAudio(false).configuration(AUDIO, 0, out);
        format.withVideo(false).packet(packet(VIDEO, 0, new byte[3]), out);
        format.withVideo(false).configuration(VIDEO, 0, out);
        assertThat(out.isReadable()).isFalse();
        assertThat(format.withAudio(false).withAudio(true)).isEqualTo(format);
    }

    @Test
    void targetsGetTheMetadataAsPublishersSendIt() {
        ByteBuf out = Unpooled.buffer();
        RtmpMessageFormat.publishing(3).configuration(METADATA, 0, out);
        assertThat(decoded(out))
                .containsExactly("18@0/3 02000d40736574446174614672616d65" + "02000a6f6e4d65746144617461");
    }
}
