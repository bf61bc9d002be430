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
import xiu.bytes.MalformedDataException;
import xiu.codec.audio.Mp3Header;

class AudioConfigTest {
    @ParameterizedTest
    @CsvSource({
        // config, object type, core rate, channels, samples, SBR, PS, output rate, name
        "1210, 2, 44100, 2, 1024, false, false, 44100, mp4a.40.2",
        "1190, 2, 48000, 2, 1024, false, false, 48000, mp4a.40.2",
        "1208, 2, 44100, 1, 1024, false, false, 44100, mp4a.40.2",
        "1214, 2, 44100, 2, 960, false, false, 44100, mp4a.40.2",
        "1208 56e500, 2, 44100, 1, 1024, false, false, 44100, mp4a.40.2", // sync extension that says: no SBR
        "1390 56e5a0, 2, 22050, 2, 1024, true, false, 44100, mp4a.40.5", // SBR, backward compatible
        "1308 56e59d4880, 2, 24000, 1, 1024, true, true, 48000, mp4a.40.29", // SBR and PS, backward compatible
        "2b118800, 2, 24000, 2, 1024, true, false, 48000, mp4a.40.5", // SBR, hierarchical
        "eb098800, 2, 24000, 1, 1024, true, true, 48000, mp4a.40.29", // PS, hierarchical
        "11b0, 2, 48000, 6, 1024, false, false, 48000, mp4a.40.2",
        "11b8, 2, 48000, 8, 1024, false, false, 48000, mp4a.40.2",
        "17805dc010, 2, 48000, 2, 1024, false, false, 48000, mp4a.40.2", // a rate in 24 bits
        "b98900, 23, 48000, 1, 512, false, false, 48000, mp4a.40.23",
        "f8e84000, 39, 44100, 2, 512, false, false, 44100, mp4a.40.39",
        "f8e85000, 39, 44100, 2, 480, false, false, 44100, mp4a.40.39",
        "1180 04c400002000, 2, 48000, 2, 1024, false, false, 48000, mp4a.40.2", // program config: one pair in front
    })
    void readsAudioSpecificConfigs(
            String config,
            int objectType,
            int sampleRate,
            int channels,
            int samples,
            boolean sbr,
            boolean ps,
            int outputRate,
            String name) {
        ByteBuf bytes = hex(config);
        AacConfig read = AacConfig.parse(bytes);
        assertThat(read.objectType()).isEqualTo(objectType);
        assertThat(read.sampleRate()).isEqualTo(sampleRate);
        assertThat(read.channels()).isEqualTo(channels);
        assertThat(read.samplesPerFrame()).isEqualTo(samples);
        assertThat(read.extension().sbr()).isEqualTo(sbr);
        assertThat(read.extension().ps()).isEqualTo(ps);
        assertThat(read.outputSampleRate()).isEqualTo(outputRate);
        assertThat(read.codecString()).isEqualTo(name);
        ByteBuf written = Unpooled.buffer();
        read.write(written);
        assertThat(written).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"''", "12", "0010", "1690", "17", "1200", "1240", "eb", "2b11"})
    void refusesConfigsThatMakeNoSense(String config) {
        assertThatThrownBy(() -> AacConfig.parse(hex(config))).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void knowsHowLongAFrameSounds() {
        assertThat(AacConfig.lowComplexity(48_000, 2).frameDuration()).isEqualTo(21_333);
        assertThat(AacConfig.parse(hex("1214")).frameDuration()).isEqualTo(21_768);
    }

    @Test
    void makesALowComplexityConfig() {
        assertThat(AacConfig.lowComplexity(44_100, 2)).isEqualTo(AacConfig.parse(hex("1210")));
        assertThatThrownBy(() -> AacConfig.lowComplexity(44_000, 2)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void writesAnAdtsHeader() {
        ByteBuf out = Unpooled.buffer();
        AdtsHeader.write(AacConfig.parse(hex("1210")), 371, out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("fff150802f5ffc");
        assertThat(AdtsHeader.parse(out)).isEqualTo(new AdtsHeader(2, 44_100, 2, 7, 378));
    }

    /** What ffmpeg's encoder writes for 5.1(side): pair and single in front, single at the side, pair at the back. */
    @Test
    void aLayoutWithoutANumberComesAsAnElementInFrontOfTheFrame() {
        AacConfig surround = AacConfig.parse(hex("118004c844002000c40d4c61766336322e31312e31303056e500"));
        assertThat(surround.channels()).isEqualTo(6);
        assertThat(surround.fitsAdts()).isTrue();
        ByteBuf out = Unpooled.buffer();
        AdtsHeader.write(surround, 371, out);
        // ID_PCE, 101, pushes the element's bits back by three; then the comment's length, which is none.
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("fff14c00307ffc" + "a099088004001880" + "00");
        assertThat(AdtsHeader.parse(out)).isEqualTo(new AdtsHeader(2, 48_000, 0, 7, 7 + 9 + 371));
        int most = AdtsHeader.MAX_FRAME - 9;
        AdtsHeader.write(surround, most, out.clear());
        assertThatThrownBy(() -> AdtsHeader.write(surround, most + 1, out)).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void everyTruncatedAdtsHeaderIsMalformed() {
        ByteBuf whole = hex("fff150802f5ffc");
        for (int length = 0; length < 7; length++) {
            ByteBuf cut = whole.slice(0, length);
            assertThatThrownBy(() -> AdtsHeader.parse(cut)).isInstanceOf(MalformedDataException.class);
        }
    }

    @Test
    void adtsCarriesOnlyWhatItHasFieldsFor() {
        assertThat(AacConfig.parse(hex("eb098800")).fitsAdts()).isTrue();
        assertThat(AacConfig.parse(hex("f8e85000")).fitsAdts()).isFalse();
        assertThat(AacConfig.parse(hex("1214")).fitsAdts()).isFalse();
        AacConfig config = AacConfig.lowComplexity(44_100, 1);
        ByteBuf out = Unpooled.buffer();
        AdtsHeader.write(config, AdtsHeader.MAX_FRAME, out);
        assertThat(AdtsHeader.parse(out).frameBytes()).isEqualTo(8191);
        assertThatThrownBy(() -> AdtsHeader.write(config, AdtsHeader.MAX_FRAME + 1, out))
                .isInstanceOf(MalformedDataException.class);
    }

    @ParameterizedTest
    @CsvSource({
        // header, layer, bit/s, Hz, channels, samples, bytes
        "fffb10c4, 3, 32000, 44100, 1, 1152, 104",
        "fffb9064, 3, 128000, 44100, 2, 1152, 417",
        "fffb9264, 3, 128000, 44100, 2, 1152, 418",
        "fff384c4, 3, 64000, 24000, 1, 576, 192",
        "ffe384c4, 3, 64000, 12000, 1, 576, 384",
        "fffd8400, 2, 128000, 48000, 2, 1152, 384",
        "ffff4400, 1, 128000, 48000, 2, 384, 128",
    })
    void readsMpegAudioHeaders(
            String header, int layer, int bitrate, int sampleRate, int channels, int samples, int bytes) {
        Mp3Header read = Mp3Header.parse(hex(header).readInt());
        assertThat(read).isEqualTo(new Mp3Header(layer, bitrate, sampleRate, channels, samples, bytes));
        assertThat(Mp3Config.of(read).codecName()).isEqualTo(layer == 3 ? "mp3" : "mp" + layer);
        assertThat(read.frameDuration()).isEqualTo(samples * 1_000_000L / sampleRate);
    }

    @ParameterizedTest
    @CsvSource({"00000000", "fffb00c4", "fffbf0c4", "fffb1cc4", "ffeb10c4", "fff910c4", "7ffb10c4"})
    void refusesWhatIsNoMpegAudioHeader(String header) {
        assertThatThrownBy(() -> Mp3Header.parse(hex(header).readInt())).isInstanceOf(MalformedDataException.class);
    }

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text.replace(" ", "")));
    }
}
