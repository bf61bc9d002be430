package xiu.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.bytes.MalformedDataException;

/** Headers and frames that ffmpeg 8 made; rates and channels are those that ffprobe prints, boxes those of its MP4. */
class AudioFormatTest {
    private static final String OPUS = "4f707573486561640102380180bb0000000000";
    private static final String OPUS_51 = "4f707573486561640106380180bb00000000010402000401020305";
    private static final String FLAC = "12001200000000004a580bb802f00000000000000000000000000000000000000000";
    private static final String AC3 = "0b77b50b1e40ebf8403eff99ff0841fc3f87f0dd";
    private static final String EAC3 = "0b77037f3f87c00020f820000200400004001fcc";

    @ParameterizedTest
    @CsvSource({
        // kind, header or frame, name, rate, channels, content of the box
        "opus, " + OPUS + ", opus, 48000, 2, 00 02 0138 0000bb80 0000 00",
        "opus, " + OPUS_51 + ", opus, 48000, 6, 00 06 0138 0000bb80 0000 01 0402000401020305",
        "flac, " + FLAC + ", fLaC, 48000, 2, 00000000 80000022 " + FLAC,
        "ac3, " + AC3 + ", ac-3, 48000, 6, 103de0",
        "eac3, " + EAC3 + ", ec-3, 48000, 6, 0e00200f00",
    })
    void knowsWhatIsHeard(String kind, String bytes, String name, int sampleRate, int channels, String box) {
        AudioConfig config = parse(kind, hex(bytes));
        assertThat(config.codecName()).isEqualTo(kind);
        assertThat(config.codecString()).isEqualTo(name);
        assertThat(config.outputSampleRate()).isEqualTo(sampleRate);
        assertThat(config.outputChannels()).isEqualTo(channels);
        ByteBuf written = Unpooled.buffer();
        config.write(written);
        assertThat(ByteBufUtil.hexDump(written)).isEqualTo(box.replace(" ", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"opus", "flac", "ac3", "eac3"})
    void everyTruncationIsMalformed(String kind) {
        ByteBuf whole = hex(
                switch (kind) {
                    case "opus" -> OPUS_51;
                    case "flac" -> FLAC;
                    case "ac3" -> AC3.substring(0, 14);
                    default -> EAC3.substring(0, 14);
                });
        parse(kind, whole);
        for (int length = 0; length < whole.readableBytes(); length++) {
            ByteBuf cut = whole.slice(0, length);
            assertThatThrownBy(() -> parse(kind, cut)).isInstanceOf(MalformedDataException.class);
        }
    }

    @Test
    void aFlacStreamMayBeginWithItsMarker() {
        FlacConfig bare = FlacConfig.parse(hex(FLAC));
        assertThat(bare.bitDepth()).isEqualTo(16);
        assertThat(FlacConfig.parse(hex("664c6143 80000022 " + FLAC))).isEqualTo(bare);
        assertThat(FlacConfig.parse(hex("00000022 " + FLAC + "84000000"))).isEqualTo(bare);
        assertThatThrownBy(() -> FlacConfig.parse(hex("664c6143 84000022 " + FLAC)))
                .hasMessageContaining("STREAMINFO");
    }

    @ParameterizedTest
    @CsvSource({"4f7075734865616410 02 3801 80bb0000 0000 00", "4f70757354616773 01 02 3801 80bb0000 0000 00"})
    void refusesWhatIsNoOpusHeader(String header) {
        assertThatThrownBy(() -> OpusConfig.parse(hex(header))).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void opusOfMoreThanTwoChannelsHasAMapping() {
        assertThatThrownBy(() -> OpusConfig.parse(hex("4f70757348656164 01 03 3801 80bb0000 0000 00")))
                .hasMessage("Opus channels: 3 (expected: 1 or 2, or a mapping)");
    }

    @ParameterizedTest
    @CsvSource({
        // acmod and lfeon of ETSI TS 102 366 §4.4.2.3
        "0b770000 00 40 2000, 48000, 1", // 1/0
        "0b770000 40 40 4800, 44100, 2", // 2/0, and its surround mode
        "0b770000 80 40 4c00, 32000, 3", // 2/0 with a subwoofer: dsurmod 01
        "0b770000 00 48 4000, 24000, 2", // bsid 9: half of the rate
    })
    void countsTheChannelsOfAc3(String frame, int sampleRate, int channels) {
        Ac3Config config = Ac3Config.of(hex(frame));
        assertThat(config.sampleRate()).isEqualTo(sampleRate);
        assertThat(config.channels()).isEqualTo(channels);
    }

    /** A sample of 7.1: an independent substream of 5.1 and a dependent one with a pair in the back (chanmap bit 6). */
    @Test
    void aDependentSubstreamAddsChannels() {
        // 16 bytes each: frmsiz 7, 48 kHz, 6 blocks; acmod 7 with a subwoofer, and acmod 2
        String independent = "0b77 0007 3f 87c0 000000000000000000";
        String dependent = "0b77 4007 34 87d0 2000 00000000000000";
        Eac3Config config = Eac3Config.of(hex(independent + dependent));
        assertThat(config.dependents()).isEqualTo(1);
        assertThat(config.channels()).isEqualTo(8);
        ByteBuf box = Unpooled.buffer();
        config.write(box);
        assertThat(ByteBufUtil.hexDump(box)).endsWith("0202");
    }

    @Test
    void namesTheProfilesOfAac() {
        AacConfig stereoOfOne = AacConfig.parse(hex("130856e59d4880"));
        assertThat(stereoOfOne.profileName()).isEqualTo("HE-AACv2");
        assertThat(stereoOfOne.outputChannels()).isEqualTo(2);
        assertThat(AacConfig.parse(hex("139056e5a0")).profileName()).isEqualTo("HE-AAC");
        AacConfig sevenChannels = AacConfig.parse(hex("118004c848002000c4400d4c61766336322e31312e31303056e500"));
        assertThat(sevenChannels.profileName()).isEqualTo("LC");
        assertThat(sevenChannels.outputChannels()).isEqualTo(7);
    }

    @Test
    void mpegAudioAndG711NeedNoConfiguration() {
        Mp3Config mp3 = new Mp3Config(3, 44_100, 1);
        assertThat(mp3.codecString()).isEqualTo("mp4a.40.34");
        G711Config speech = new G711Config(G711Config.Law.MU_LAW, 8_000, 1);
        assertThat(speech.codecName()).isEqualTo("pcmu");
        assertThat(speech.codecString()).isEqualTo("ulaw");
        ByteBuf out = Unpooled.buffer();
        mp3.write(out);
        speech.write(out);
        assertThat(out.isReadable()).isFalse();
    }

    private static AudioConfig parse(String kind, ByteBuf bytes) {
        return switch (kind) {
            case "opus" -> OpusConfig.parse(bytes);
            case "flac" -> FlacConfig.parse(bytes);
            case "ac3" -> Ac3Config.of(bytes);
            default -> Eac3Config.of(bytes);
        };
    }

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text.replace(" ", "")));
    }
}
