package xiu.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.bytes.MalformedDataException;
import xiu.codec.video.AvcSps;

class VideoConfigTest {
    /** x264, High profile at level 1.1, 178x100 pixels: cropped on both sides. */
    private static final String SPS = "6764000bacd9430fe227c044000003000400000300c83c50a658";

    private static final String AVC = "0164000bffe1001a" + SPS + "01000568ef839cb0fdf8f800";

    /** x265, Main profile at level 1.0. */
    private static final String HEVC = "0101600000009000000000001ef000fcfdf8f800000f03"
            + "200001001840010c01ffff01600000030090000003000003001e959409"
            + "210001002a42010101600000030090000003000003001ea0182071c44f965654a4c2f0168080000003008000000c84"
            + "22000100064401c073c189";

    @Test
    void readsAnAvcRecord() {
        AvcConfig config = AvcConfig.parse(hex(AVC));
        assertThat(config.profile()).isEqualTo(100);
        assertThat(config.level()).isEqualTo(11);
        assertThat(config.nalLengthSize()).isEqualTo(4);
        assertThat(config.sps()).containsExactly(hex(SPS));
        assertThat(config.pps()).containsExactly(hex("68ef839cb0"));
        assertThat(config.extension()).isEqualTo(hex("fdf8f800"));
        assertThat(config.codecName()).isEqualTo("h264");
        assertThat(config.codecString()).isEqualTo("avc1.64000B");
        assertThat(config).isEqualTo(AvcConfig.parse(hex(AVC)));
    }

    @Test
    void readsAHevcRecord() {
        HevcConfig config = HevcConfig.parse(hex(HEVC));
        assertThat(config.nalLengthSize()).isEqualTo(4);
        assertThat(config.vps()).hasSize(1);
        assertThat(config.sps()).hasSize(1);
        assertThat(config.pps()).containsExactly(hex("4401c073c189"));
        assertThat(config.codecName()).isEqualTo("hevc");
        assertThat(config.codecString()).isEqualTo("hvc1.1.6.L30.90");
        assertThat(config).isEqualTo(HevcConfig.parse(hex(HEVC)));
    }

    @Test
    void writesTheSameRecordAgain() {
        ByteBuf avc = Unpooled.buffer();
        AvcConfig.parse(hex(AVC)).write(avc);
        assertThat(ByteBufUtil.hexDump(avc)).isEqualTo(AVC);
        ByteBuf hevc = Unpooled.buffer();
        HevcConfig.parse(hex(HEVC)).write(hevc);
        assertThat(ByteBufUtil.hexDump(hevc)).isEqualTo(HEVC);
    }

    @Test
    void buildsAnAvcRecordOfParameterSets() {
        AvcConfig built = AvcConfig.of(hex(SPS), hex("68ef839cb0"));
        ByteBuf out = Unpooled.buffer();
        built.write(out);
        assertThat(AvcConfig.parse(out)).isEqualTo(built);
        assertThat(built.codecString()).isEqualTo("avc1.64000B");
    }

    @Test
    void aTruncatedRecordIsMalformedOrItsOwnShorterSelf() {
        for (String record : List.of(AVC, HEVC)) {
            ByteBuf whole = hex(record);
            for (int length = 0; length < whole.readableBytes(); length++) {
                ByteBuf cut = whole.slice(0, length);
                if (record.equals(AVC) && length >= whole.readableBytes() - 4) {
                    assertThat(AvcConfig.parse(cut).pps()).hasSize(1);
                } else {
                    assertThatThrownBy(() -> parse(record, cut)).isInstanceOf(MalformedDataException.class);
                }
            }
        }
    }

    @Test
    void refusesWhatIsNoRecord() {
        assertThatThrownBy(() -> AvcConfig.parse(hex("00000001676400")))
                .hasMessage("AVC configuration version: 0 (expected: 1)");
        assertThatThrownBy(() -> AvcConfig.parse(hex("0164000bfee0ff")))
                .hasMessage("AVC NAL length size: 3 (expected: 1, 2 or 4)");
        assertThatThrownBy(() -> HevcConfig.parse(hex("7f" + HEVC.substring(2))))
                .hasMessage("HEVC configuration version: 127 (expected: 0 or 1)");
    }

    @ParameterizedTest
    @CsvSource({
        SPS + ", 100, 11, 178, 100",
        "6742c01eda0280bfe5c05a808080a0, 66, 30, 640, 360", // baseline, no chroma fields, cropped at the bottom
    })
    void readsThePicturesSize(String sps, int profile, int level, int width, int height) {
        AvcSps read = AvcSps.parse(hex(sps));
        assertThat(read.profile()).isEqualTo(profile);
        assertThat(read.level()).isEqualTo(level);
        assertThat(read.format().width()).isEqualTo(width);
        assertThat(read.format().height()).isEqualTo(height);
    }

    /** The cropping ends in the tenth byte; without what follows the size is known, and maybe not the frame rate. */
    @Test
    void anSpsTruncatedBeforeTheEndOfTheCroppingIsMalformed() {
        ByteBuf whole = hex(SPS);
        for (int length = 0; length <= whole.readableBytes(); length++) {
            ByteBuf cut = whole.slice(0, length);
            if (length < 10) {
                assertThatThrownBy(() -> AvcSps.parse(cut)).isInstanceOf(MalformedDataException.class);
            } else {
                assertThat(AvcSps.parse(cut).format().width()).isEqualTo(178);
                assertThat(AvcSps.parse(cut).format().height()).isEqualTo(100);
            }
        }
        assertThatThrownBy(() -> AvcSps.parse(hex("68ef839cb0"))).hasMessageContaining("an SPS");
    }

    private static CodecConfig parse(String record, ByteBuf bytes) {
        return record.equals(AVC) ? AvcConfig.parse(bytes) : HevcConfig.parse(bytes);
    }

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text));
    }
}
