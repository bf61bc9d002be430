package xiu.container.flv;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.codec.AacConfig;
import xiu.codec.AvcConfig;
import xiu.codec.HevcConfig;
import xiu.codec.Mp3Config;
import xiu.codec.OpaqueConfig;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;

class FlvDemuxerTest {
    private static final String AVC_RECORD =
            "0164000affe100166764000aacb431360220000003002000000641e244d401000568ef01672c";
    private static final String AVC_HEADER = "1700000000" + AVC_RECORD;
    private static final String HEVC_RECORD = "0101600000009000000000001ef000fcfdf8f800000f00";

    private final Recorder out = new Recorder();
    private final FlvDemuxer demuxer = new FlvDemuxer(out);

    @Test
    void aSequenceHeaderIsATrackAndNoPacket() {
        video(0, AVC_HEADER);
        assertThat(out.packets).isEmpty();
        assertThat(out.track())
                .isEqualTo(new Track(
                        Track.VIDEO_ID, TrackKind.VIDEO, AvcConfig.parse(Bytes.of(AVC_RECORD)), Bytes.of(AVC_HEADER)));
    }

    @Test
    void theSameSequenceHeaderAgainChangesNothingAndAnotherIsANewTrack() {
        video(0, AVC_HEADER);
        video(10, AVC_HEADER);
        assertThat(out.tracks).hasSize(1);
        video(20, AVC_HEADER + "fdf8f800");
        assertThat(out.tracks).hasSize(2);
        assertThat(out.tracks.get(0)).isNotEqualTo(out.tracks.get(1));
        video(30, "1701000000 00000001 65");
        assertThat(out.packet().track()).isSameAs(out.tracks.get(1));
    }

    @ParameterizedTest
    @CsvSource({
        "17 01 000050 00000001 65, 80000, true",
        "27 01 ffffd8 00000001 41, -40000, false",
        "37 01 000000 00000001 41, 0, false", // disposable inter frame
        "47 01 000000 00000001 41, 0, true", // generated key frame
        "1c 01 000001 00000001 26, 1000, true", // HEVC under its old number
        "90 'avc1' 00, 0, none",
        "91 'hvc1' 800000 00000001 26, -8388608000, true",
        "a1 'avc1' 7fffff 00000001 41, 8388607000, false",
        "93 'hvc1' 00000001 26, 0, true",
        "91 'av01' 0a0b, 0, true",
        "c1 'vp09' 8249, 0, true",
        "a1 'vp08' 8249, 0, false",
        "d7 02 0f4240 03 'avc1' 00, 0, none", // a modifier in front of a command, which has no frame
    })
    void findsKeyFramesAndCompositionTimes(String body, long presentation, String key) {
        video(100, body);
        if (key.equals("none")) {
            assertThat(out.packets).isEmpty();
            return;
        }
        assertThat(out.packet().dts()).isEqualTo(100_000);
        assertThat(out.packet().pts()).isEqualTo(100_000 + presentation);
        assertThat(out.packet().keyFrame()).isEqualTo(Boolean.parseBoolean(key));
    }

    @ParameterizedTest
    @CsvSource({
        "17 01 000050 00000001 65, 00000001 65",
        "91 'hvc1' 000000 00000001 26, 00000001 26",
        "93 'hvc1' 00000001 26, 00000001 26",
        "91 'av01' 0a0b, 0a0b",
        "97 02 0f423f 01 'av01' 0a0b, 0a0b", // ModEx
        "97 ff 0002 aabbcc 11 'av01' 0a0b, 0a0b", // ModEx of an unknown type with a 16-bit size
        "97 02 000000 07 02 0003e8 01 'av01' 0a0b, 0a0b", // ModEx twice
        "96 03 'avc1' 00 00000001 65, 00000001 65", // one track
        "96 13 'avc1' 00 000005 00000001 65, 00000001 65", // many tracks, of which there is one
        "96 23 'avc1' 00 000005 00000001 65, 00000001 65", // many codecs, of which there is one
        "22 aabb, aabb",
        "24 00aabb, 00aabb",
    })
    void aFramesBodyIsKeptExactlyAndItsSampleFound(String text, String sample) {
        ByteBuf body = Bytes.of("ffff" + text).skipBytes(2);
        demuxer.video(0, body);
        assertThat(out.packet().bytes()).isSameAs(body);
        assertThat(ByteBufUtil.hexDump(body)).isEqualTo(ByteBufUtil.hexDump(Bytes.array(text)));
        assertThat(out.packet().sample()).isEqualTo(Bytes.of(sample));
    }

    @Test
    void nanosecondsAddToThePresentationTime() {
        video(5, "97 02 0f423f 01 'avc1' 000001 00000001 65");
        assertThat(out.packet().dts()).isEqualTo(5000);
        assertThat(out.packet().pts()).isEqualTo(5000 + 1000 + 999);
        audio(6, "97 02 0003e8 01 'Opus' 7881");
        assertThat(out.packet().pts()).isEqualTo(6001);
    }

    @Test
    void hevcIsKnownByItsOldNumberAndByItsCode() {
        video(0, "1c00000000" + HEVC_RECORD);
        assertThat(out.track().config()).isEqualTo(HevcConfig.parse(Bytes.of(HEVC_RECORD)));
        video(0, "90 'hvc1'" + HEVC_RECORD);
        assertThat(out.tracks).hasSize(2);
        assertThat(out.track().config()).isEqualTo(out.tracks.get(0).config());
    }

    @ParameterizedTest
    @CsvSource({
        "1700000000 ff, h264",
        "90 'av01' 01000c00, av1",
        "90 'hvc1' 00, hevc",
        "90 'vvc1' 00, vvc",
        "95 'av01' 0a, av1", // MPEG2TSSequenceStart
        "90 'abcd' 00, abcd",
    })
    void aConfigurationThatCannotBeReadIsCarriedAllTheSame(String body, String name) {
        video(0, body);
        assertThat(out.track().config()).isEqualTo(new OpaqueConfig(name));
        assertThat(out.track().flvHeader()).isEqualTo(Bytes.of(body));
    }

    @ParameterizedTest
    @CsvSource({
        "22aa, h263",
        "14aa, vp6",
        "15aa, vp6a",
        "13aa, flashsv",
        "1faa, video15",
        "91 'vp08' 00, vp8",
        "2701000000 00000001 41, h264",
        "3c01000000 00000001 02, hevc",
    })
    void aFrameWithoutASequenceHeaderMakesItsOwnTrack(String body, String name) {
        video(0, body);
        video(1, body);
        assertThat(out.tracks)
                .containsExactly(
                        new Track(Track.VIDEO_ID, TrackKind.VIDEO, new OpaqueConfig(name), Unpooled.EMPTY_BUFFER));
        assertThat(out.packets).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "17", "1701", "17010000", "1701000000", "1700000000", "22", "91", "91 'avc'", "91 'avc1' 0000",
                "93 'avc1'", "90 'hvc1'", "97", "97 ff", "97 ffffff 00", "97 02 0000", "97 00 aa", "96", "96 01",
                        "96 31 'avc1' 00",
                "96 01 'avc1'", "96 11 'avc1' 00 00", "96 11 'avc1' 00 000005 00", "95 'av01'"
            })
    void emptyAndTruncatedVideoIsDroppedAndCounted(String body) {
        video(0, body);
        assertThat(out.tracks).isEmpty();
        assertThat(out.packets).isEmpty();
        assertThat(demuxer.dropped()).isEqualTo(1);
    }

    @Test
    void commandsPassAsPacketsWithoutASample() {
        video(0, AVC_HEADER);
        for (String command : new String[] {"5700", "57", "d1 00", "1703000000aa", "9c 'avc1' 01"}) {
            video(1, command);
            assertThat(out.packet().bytes()).isEqualTo(Bytes.of(command));
            assertThat(out.packet().sample().isReadable()).isFalse();
            assertThat(out.packet().keyFrame()).isFalse();
        }
        assertThat(out.packets).hasSize(5);
        assertThat(demuxer.dropped()).isZero();
    }

    @Test
    void anEndOfSequenceIsNotHandedOn() {
        video(0, AVC_HEADER);
        video(1, "1702000000");
        video(2, "92 'avc1'");
        audio(3, "92 'Opus'");
        assertThat(out.packets).isEmpty();
        assertThat(demuxer.dropped()).isZero();
    }

    @Test
    void aColourDescriptionIsKeptAsATrackForLivePlayersAndLateOnes() {
        video(0, AVC_HEADER);
        String description = "d4 'avc1' 02 0009 'colorInfo' 03 000009";
        video(1, description);
        assertThat(out.track().id()).isEqualTo(Track.VIDEO_DESCRIPTION_ID);
        assertThat(out.track().flvHeader()).isEqualTo(Bytes.of(description));
        video(2, description);
        assertThat(out.tracks).hasSize(2);
        assertThat(out.packets).isEmpty();
    }

    @Test
    void extraTracksHaveTheirOwnIdAndOnlyTheFirstTracksKeyFramesCount() {
        video(0, "96 00 'avc1' 01" + AVC_RECORD);
        assertThat(out.track().id()).isEqualTo(17);
        assertThat(out.track().config()).isEqualTo(AvcConfig.parse(Bytes.of(AVC_RECORD)));
        video(0, "96 03 'avc1' 01 00000001 65");
        assertThat(out.packet().keyFrame()).isTrue();
        video(0, "1701000000 00000001 65");
        assertThat(out.packet().keyFrame()).isTrue();
        video(0, "96 03 'avc1' 01 00000001 65");
        assertThat(out.packet().track().id()).isEqualTo(17);
        assertThat(out.packet().keyFrame()).isFalse();
        audio(0, "95 00 'Opus' 01 aa");
        assertThat(out.track().id()).isEqualTo(273);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "96 11 'avc1' 00 000005 00000001 65 01 000005 00000001 65",
                "96 21 'avc1' 00 000005 00000001 65 'hvc1' 01 000005 00000001 26"
            })
    void aBodyOfManyTracksPassesWhole(String body) {
        video(0, body);
        assertThat(out.packet().bytes()).isEqualTo(Bytes.of(body));
        assertThat(out.packet().track().id()).isEqualTo(FlvDemuxer.MANY_VIDEO_ID);
        assertThat(out.packet().keyFrame()).isTrue();
    }

    @Test
    void theNumberOfTracksIsLimited() {
        for (int track = 0; track < 256; track++) {
            video(0, "96 00 'av01' %02x 81".formatted(track));
        }
        assertThat(out.tracks).hasSize(32);
        assertThat(demuxer.dropped()).isEqualTo(224);
    }

    @Test
    void anOversizedHeaderIsDropped() {
        demuxer.video(
                0,
                Unpooled.wrappedBuffer(Bytes.of("1700000000"), Unpooled.buffer().writeZero(65_532)));
        assertThat(out.tracks).isEmpty();
        assertThat(demuxer.dropped()).isEqualTo(1);
    }

    @Test
    void aacHasASequenceHeader() {
        audio(0, "af00 1210");
        assertThat(out.track())
                .isEqualTo(new Track(
                        Track.AUDIO_ID, TrackKind.AUDIO, AacConfig.parse(Bytes.of("1210")), Bytes.of("af001210")));
        audio(23, "af01 2110");
        assertThat(out.packet().track()).isSameAs(out.track());
        assertThat(out.packet().sample()).isEqualTo(Bytes.of("2110"));
        assertThat(out.packet().dts()).isEqualTo(23_000);
        assertThat(out.packet().keyFrame()).isFalse();
        audio(46, "90 'mp4a' 1210");
        assertThat(out.track().config()).isEqualTo(AacConfig.parse(Bytes.of("1210")));
    }

    @ParameterizedTest
    @CsvSource({
        "36aabb, pcm",
        "b2aa, speex",
        "5eaa, nellymoser",
        "1eaa, adpcm",
        "91 'fLaC' aa, flac",
        "91 'ac-3' aa, ac3",
        "91 'ec-3' aa, eac3",
        "2f00000000, mp3",
        "af01 2110, aac",
        "c2aa, audio12",
    })
    void audioWithoutASequenceHeaderMakesItsOwnTrack(String body, String name) {
        audio(0, body);
        audio(1, body);
        assertThat(out.tracks)
                .containsExactly(
                        new Track(Track.AUDIO_ID, TrackKind.AUDIO, new OpaqueConfig(name), Unpooled.EMPTY_BUFFER));
        assertThat(out.packets).hasSize(2);
    }

    @Test
    void mpegAudioIsConfiguredByItsFrames() {
        audio(0, "2e fffb10c4 00");
        assertThat(out.track().config()).isEqualTo(new Mp3Config(3, 44_100, 1));
        audio(26, "2e fffb10c4 00");
        audio(52, "2e 00000000 00");
        assertThat(out.tracks).hasSize(1);
        audio(78, "91 '.mp3' fffb1404 00");
        assertThat(out.track().config()).isEqualTo(new Mp3Config(3, 48_000, 2));
        assertThat(out.tracks).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "af", "af00", "af01", "2f", "72", "91", "91 'Op'", "91 'Opus'", "95 01", "97 00"})
    void emptyAndTruncatedAudioIsDroppedAndCounted(String body) {
        audio(0, body);
        assertThat(out.tracks).isEmpty();
        assertThat(out.packets).isEmpty();
        assertThat(demuxer.dropped()).isEqualTo(1);
    }

    @Test
    void aLoudspeakerLayoutIsKeptForLatePlayers() {
        audio(0, "94 'Opus' 01 02 00000003");
        assertThat(out.track().id()).isEqualTo(Track.AUDIO_DESCRIPTION_ID);
        assertThat(out.track().kind()).isEqualTo(TrackKind.AUDIO);
    }

    @Test
    void metadataLosesItsWrappingAndIsATrack() {
        String metadata = "02 000a 'onMetaData' 08 00000001 0005 'width' 00 4094000000000000 000009";
        script(0, "02 000d '@setDataFrame'" + metadata);
        assertThat(out.packets).isEmpty();
        assertThat(out.track())
                .isEqualTo(new Track(Track.METADATA_ID, TrackKind.DATA, new OpaqueConfig("amf0"), Bytes.of(metadata)));
        assertThat(OnMetaData.fields(out.track().flvHeader()).orElseThrow().number("width"))
                .hasValue(1280);
        script(1, metadata);
        assertThat(out.tracks).hasSize(1);
        script(2, "02 000a 'onMetaData' 05");
        assertThat(out.tracks).hasSize(2);
        assertThat(OnMetaData.fields(out.track().flvHeader())).isEmpty();
    }

    @Test
    void otherScriptDataIsAPacketInItsPlace() {
        String cuePoint = "02 000a 'onCuePoint' 05";
        script(7, "02 000d '@setDataFrame'" + cuePoint);
        MediaPacket packet = out.packet();
        assertThat(packet.track().id()).isEqualTo(Track.METADATA_ID);
        assertThat(packet.track().kind()).isEqualTo(TrackKind.DATA);
        assertThat(packet.bytes()).isEqualTo(Bytes.of(cuePoint));
        assertThat(packet.dts()).isEqualTo(7000);
        script(8, "ff");
        assertThat(out.packets).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02 000d '@setDataFrame'", "02 000f '@clearDataFrame' 02 000a 'onMetaData'"})
    void scriptDataWithNothingInItIsDropped(String body) {
        script(0, body);
        assertThat(out.tracks).isEmpty();
        assertThat(out.packets).isEmpty();
    }

    @Test
    void allTracksShareAClockThatWraps() {
        audio(0xFFFFFFFE, "af01 2110");
        video(2, "1701000000 00000001 65");
        audio(0xFFFFFFFF, "af01 2110");
        assertThat(out.packets)
                .extracting(MediaPacket::dts)
                .containsExactly(4_294_967_294_000L, 4_294_967_298_000L, 4_294_967_295_000L);
    }

    private void video(int millis, String body) {
        demuxer.video(millis, Bytes.of(body));
    }

    private void audio(int millis, String body) {
        demuxer.audio(millis, Bytes.of(body));
    }

    private void script(int millis, String body) {
        demuxer.script(millis, Bytes.of(body));
    }
}
