package xiu.container.flv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.bytes.MalformedDataException;
import xiu.check.MediaFeed;
import xiu.codec.OpaqueConfig;
import xiu.container.flv.amf.AmfValue;
import xiu.media.MediaPacket;
import xiu.media.PacketFormat;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;

class FlvTagFormatTest {
    private static final Track METADATA = track(Track.METADATA_ID, TrackKind.DATA, "02");
    private static final Track VIDEO = track(Track.VIDEO_ID, TrackKind.VIDEO, "1700000000aa");
    private static final Track AUDIO = track(Track.AUDIO_ID, TrackKind.AUDIO, "");

    private final ByteBuf out = Unpooled.buffer();

    @Test
    void theHeaderSaysWhichTracksThereAre() {
        assertThat(begin(List.of(METADATA, VIDEO, AUDIO))).isEqualTo("464c5601050000000900000000");
        assertThat(begin(List.of(METADATA, VIDEO))).isEqualTo("464c5601010000000900000000");
        assertThat(begin(List.of(AUDIO))).isEqualTo("464c5601040000000900000000");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65_535, 65_536, 200_000})
    void aBodyStandsInOnePieceBeforeTheTrailer(int length) {
        byte[] body = new byte[length];
        new java.util.Random(length).nextBytes(body);
        for (PacketFormat each : List.of(new FlvTagFormat(), new WebSocketFlvFormat())) {
            for (Track track : List.of(METADATA, VIDEO, AUDIO)) {
                out.clear();
                MediaPacket packet =
                        new MediaPacket(track, new MediaPacket.Time(0, 0), true, Unpooled.wrappedBuffer(body), 0);
                each.packet(packet, out);
                int start = out.readableBytes() - each.trailer(packet) - length;
                assertThat(out.slice(start, length)).isEqualTo(Unpooled.wrappedBuffer(body));
            }
        }
    }

    /** MP3 has no sequence header: the first key frame may come before anybody knows that there is sound. */
    @Test
    void theHeaderAnnouncesATrackThatIsStillToComeWhenTheMetadataNamesIt() {
        assertThat(begin(List.of(metadata("audiocodecid", AmfValue.of(2)), VIDEO)))
                .isEqualTo("464c5601050000000900000000");
        assertThat(begin(List.of(metadata("videocodecid", AmfValue.of("hvc1")), AUDIO)))
                .isEqualTo("464c5601050000000900000000");
        for (AmfValue none : List.of(AmfValue.of(0), AmfValue.of(""), AmfValue.of(false))) {
            assertThat(begin(List.of(metadata("audiocodecid", none), VIDEO))).isEqualTo("464c5601010000000900000000");
        }
    }

    private static Track metadata(String name, AmfValue value) {
        ByteBuf header = Unpooled.buffer();
        OnMetaData.write(AmfValue.fields().put(name, value).object(), header);
        return new Track(Track.METADATA_ID, TrackKind.DATA, new OpaqueConfig("test"), header);
    }

    @Test
    void theHeaderAnnouncesBothWhenNothingIsKnown() {
        assertThat(begin(List.of())).isEqualTo("464c5601050000000900000000");
        assertThat(begin(List.of(METADATA))).isEqualTo("464c5601050000000900000000");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00000000", "40999, 00002800", "16777215000, ffffff00", "16777216000, 00000001",
        "4294967295000, ffffffff", "4294967296000, 00000000", "-1000, ffffffff", "-1, ffffffff",
    })
    void aPacketIsATagWithItsTimeInMilliseconds(long dts, String timestamp) {
        new FlvTagFormat().packet(packet(VIDEO, dts, "1701000000"), out);
        assertThat(hex())
                .isEqualTo("09 000005 %s 000000 1701000000 00000010"
                        .formatted(timestamp)
                        .replace(" ", ""));
    }

    @Test
    void eachKindHasItsType() {
        new FlvTagFormat().packet(packet(AUDIO, 0, "af"), out);
        new FlvTagFormat().packet(packet(METADATA, 0, "02"), out);
        assertThat(hex())
                .isEqualTo("080000010000000000 0000 af 0000000c 120000010000000000 0000 02 0000000c".replace(" ", ""));
    }

    @Test
    void aConfigurationIsATagUnlessThereIsNone() {
        new FlvTagFormat().configuration(AUDIO, 0, out);
        assertThat(out.isReadable()).isFalse();
        new FlvTagFormat().configuration(VIDEO, 1000, out);
        assertThat(hex()).isEqualTo("09 000006 00000100 000000 1700000000aa 00000011".replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource({"110, 827d", "111, 827e007e", "65520, 827effff", "65521, 827f0000000000010000"})
    void aWebSocketFrameHoldsOneTag(int bodyBytes, String frameHeader) {
        Track track = track(Track.VIDEO_ID, TrackKind.VIDEO, "00".repeat(bodyBytes));
        MediaPacket packet = packet(track, 5000, "00".repeat(bodyBytes));
        ByteBuf tag = Unpooled.buffer();
        new FlvTagFormat().packet(packet, tag);
        new WebSocketFlvFormat().packet(packet, out);
        assertThat(hex()).isEqualTo(frameHeader + ByteBufUtil.hexDump(tag));
        out.clear();
        new WebSocketFlvFormat().configuration(track, 5000, out);
        assertThat(hex()).isEqualTo(frameHeader + ByteBufUtil.hexDump(tag));
    }

    @Test
    void aWebSocketBeginsWithTheFileHeaderInAFrame() {
        new WebSocketFlvFormat().begin(List.of(VIDEO), out);
        assertThat(hex()).isEqualTo("820d" + "464c5601010000000900000000");
        out.clear();
        new WebSocketFlvFormat().configuration(AUDIO, 0, out);
        assertThat(out.isReadable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 110, 111, 65_520, 65_521, 1_000_000})
    void neverWritesMoreThanItSays(int bodyBytes) {
        MediaPacket packet = packet(VIDEO, 0, "00".repeat(bodyBytes));
        for (PacketFormat format : List.of(new FlvTagFormat(), new WebSocketFlvFormat())) {
            out.clear();
            format.packet(packet, out);
            assertThat(out.readableBytes()).isLessThanOrEqualTo(bodyBytes + format.overhead(bodyBytes));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 105, 106, 65_510, 65_516, 1_000_000})
    void aSampleStandsBehindTheTagHeaderThatIsWrittenForIt(int sampleBytes) {
        byte[] sample = new byte[sampleBytes];
        new java.util.Random(sampleBytes).nextBytes(sample);
        // The longest header there is: of a second track that has a composition time.
        Track track = new Track(Track.videoId(1), TrackKind.VIDEO, MediaFeed.AVC.config());
        for (PacketFormat format : List.of(new FlvTagFormat(), new WebSocketFlvFormat())) {
            out.clear();
            MediaPacket packet =
                    new MediaPacket(track, new MediaPacket.Time(0, 40_000), true, Unpooled.wrappedBuffer(sample));
            format.packet(packet, out);
            assertThat(out.readableBytes()).isLessThanOrEqualTo(sampleBytes + format.overhead(sampleBytes));
            int start = out.readableBytes() - format.trailer(packet) - sampleBytes;
            assertThat(out.slice(start, sampleBytes)).isEqualTo(Unpooled.wrappedBuffer(sample));
        }
    }

    @Test
    void formatsAreValues() {
        assertThat(new FlvTagFormat()).isEqualTo(new FlvTagFormat());
        assertThat((WireFormat) new FlvTagFormat()).isNotEqualTo(new WebSocketFlvFormat());
    }

    @Test
    void writingLeavesThePacketAsItWas() {
        MediaPacket packet = packet(VIDEO, 0, "1701000000");
        packet.bytes().skipBytes(1);
        new FlvTagFormat().packet(packet, out);
        assertThat(packet.bytes().readerIndex()).isEqualTo(1);
        assertThat(out.getUnsignedMedium(1)).isEqualTo(4);
        assertThat(ByteBufUtil.hexDump(out, 11, 4)).isEqualTo("01000000");
    }

    @Test
    void writingAPacketAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MediaPacket packet =
                new MediaPacket(VIDEO, new MediaPacket.Time(0, 0), true, Unpooled.wrappedBuffer(new byte[64]), 5);
        // On the heap: the leak detector of these tests records every access to the others.
        ByteBuf chunk = Unpooled.buffer(1024);
        FlvTagFormat tags = new FlvTagFormat();
        WebSocketFlvFormat frames = new WebSocketFlvFormat();
        long allocated = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && allocated > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                chunk.clear();
                tags.packet(packet, chunk);
                frames.packet(packet, chunk);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        // The measurement itself may allocate; 20,000 packets do not.
        assertThat(allocated).isLessThan(10_000);
    }

    @Test
    void readsBackWhatItWrites() {
        new FlvTagFormat().begin(List.of(VIDEO), out);
        new FlvTagFormat().packet(packet(VIDEO, 16_777_216_000L, "1701000000"), out);
        assertThat(FlvHeader.read(out)).isEqualTo(new FlvHeader(false, true, 13));
        out.skipBytes(4);
        assertThat(FlvTag.read(out)).isEqualTo(new FlvTag(FlvTag.VIDEO, 5, 0x1000000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "464c56010500000", "000000010500000009", "464c56020500000009", "464c560105ffffffff"})
    void whatIsNoFlvIsRefused(String text) {
        ByteBuf bytes = Bytes.of(text.length() % 2 == 0 ? text : text + "0");
        assertThatThrownBy(() -> FlvHeader.read(bytes)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void aFilesTagLongerThanAnyFrameIsRefused() {
        FlvReader reader = new FlvReader(new FlvDemuxer(new Recorder()));
        assertThatThrownBy(() -> reader.read(Bytes.of("464c5601050000000900000000 09 800001 00000000 000000")))
                .hasMessage("FLV tag: 8388609 bytes (expected: at most 8388608)");
    }

    private String begin(List<Track> tracks) {
        out.clear();
        new FlvTagFormat().begin(tracks, out);
        return hex();
    }

    private String hex() {
        return ByteBufUtil.hexDump(out);
    }

    private static Track track(int id, TrackKind kind, String header) {
        return new Track(id, kind, new OpaqueConfig("test"), Bytes.of(header));
    }

    private static MediaPacket packet(Track track, long dts, String body) {
        return new MediaPacket(track, new MediaPacket.Time(dts, dts), false, Bytes.of(body), 0);
    }
}
