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
import xiu.codec.video.Rational;
import xiu.codec.video.VideoFormat;
import xiu.codec.video.VideoRange;
import xiu.codec.video.Vp8Header;
import xiu.codec.video.Vp9Header;

/** Records that ffmpeg 8 made with x264, x265, SVT-AV1, libaom and libvpx; the values are those that ffprobe prints. */
class VideoFormatTest {
    private static final String X264_HD =
            "0142c028ffe1001b6742c028da01e0089f97016a040402800001f480007530078c195001000468ce0fc8";
    private static final String X264_422 =
            "017a001effe1001f677a001eb6cd940b4127abffc3ac8295db20000003002000000641e2c5b2c001000668eb"
                    + "e3cb22c0fefafa00";
    private static final String X264_INTERLACED =
            "0164001effe100186764001eacd940b424d8208000000300800000190f8a14cb01000668fba3cb22c0fdf8f800";
    private static final String X264_444 =
            "01f40015ffe1001b67f40015919b282a33c7c5e022000003000200000300c81e2c5b2c01" + "000668ebe3c44844fff8f800";
    private static final String X264_SMALL =
            "0142c00dffe100186742c00dd90141fb0110000003001000000301e0f142a48001000568cb83cb20";
    private static final String X264_HLG =
            "016e0020ffe1001e676e0020a6cd9405005bb016a1224128000003000800000303c078c18cb001000668ebe3"
                    + "cb22c0fdfafa00";
    private static final String X265_PQ =
            "0102200000009000000000007bf000fcfdfafa00000f03200001001840010c01ffff02200000030090000003"
                    + "000003007b959409210001003042010102200000030090000003000003007ba003c0801107cad965654a4c2f"
                    + "016a12201208000003000800000301e04022000100064401c073c189";
    private static final String X265_ODD = "0101600000009000000000003ff000fcfdf8f800000f03200001001840010c01ffff0160"
            + "0000030090000003000003003f959809210001002a42010101600000030090000003000003003fa005020169d565959a49395e1c"
            + "d01000003e900005dc008022000100074401c172b46240";
    private static final String X265_422 = "0104080000009908000000003ff000fcfefcfc00000f03200001001740010c01ffff0408"
            + "00000300990800000300003f959809210001002a420101040800000300990800000300003fb00502016914a5959a4932bc05a020"
            + "0000030020000003032122000100074401c172b46240";
    private static final String AOM_HD = "81050c000a0b0000002d4cffb3ccaf9004";
    private static final String AOM_444 = "812000000a0a200000043d06d4daf912";
    private static final String SVT_HD = "81090c000a0e0000004aabbfc3700be040404041";
    private static final String SVT_PQ = "81014c000a0e0000000cc4ff6700be1424402410";
    private static final String VP9 = "010000000015820202020000";
    private static final String VP9_444 = "01000000010b860202020000";

    @ParameterizedTest
    @CsvSource({
        // record, name, size, shape of a pixel, frame rate, profile, level, bits, range
        X264_HD + ", avc1.42C028, 1920x1080, 1/1, 30000/1001, Constrained Baseline, 4.0, 8, SDR",
        X264_422 + ", avc1.7A001E, 718x574, 3762/2647, 25/1, High 4:2:2, 3.0, 10, SDR",
        X264_INTERLACED + ", avc1.64001E, 720x576, 16/11, 25/1, High, 3.0, 8, SDR",
        X264_444 + ", avc1.F40015, 322x182, 1/1, 50/1, High 4:4:4 Predictive, 2.1, 8, SDR",
        X264_SMALL + ", avc1.42C00D, 320x240, 1/1, 15/1, Constrained Baseline, 1.3, 8, SDR",
        X264_HLG + ", avc1.6E0020, 1280x720, 1/1, 60/1, High 10, 3.2, 10, HLG",
        X265_PQ + ", hvc1.2.4.L123.90, 1920x1080, 1/1, 60/1, Main 10, 4.1, 10, PQ",
        X265_ODD + ", hvc1.1.6.L63.90, 638x358, 4/3, 24000/1001, Main, 2.1, 8, SDR",
        X265_422 + ", hvc1.4.10.L63.99.8, 640x360, 1/1, 25/1, Rext, 2.1, 12, SDR",
        AOM_HD + ", av01.0.05M.08, 1280x720, 0/1, 0/1, Main, 3.1, 8, SDR",
        AOM_444 + ", av01.1.00M.08.0.000.02.02.02.1, 322x182, 0/1, 0/1, High, 2.0, 8, SDR",
        SVT_HD + ", av01.0.09M.08.0.110.01.01.01.0, 1920x1080, 0/1, 0/1, Main, 4.1, 8, SDR",
        SVT_PQ + ", av01.0.01M.10.0.110.09.16.09.0, 640x360, 0/1, 0/1, Main, 2.1, 10, PQ",
        VP9 + ", vp09.00.21.08, 0x0, 0/1, 0/1, Profile 0, 2.1, 8, SDR",
        VP9_444 + ", vp09.01.11.08.03.02.02.02.00, 0x0, 0/1, 0/1, Profile 1, 1.1, 8, SDR",
    })
    void knowsWhatARecordDescribes(
            String record,
            String name,
            String size,
            String aspect,
            String frameRate,
            String profile,
            String level,
            int bitDepth,
            VideoRange range) {
        VideoConfig config = parse(name, hex(record));
        VideoFormat format = config.format();
        assertThat(config.codecString()).isEqualTo(name);
        assertThat(format.width() + "x" + format.height()).isEqualTo(size);
        assertThat(text(format.sampleAspect())).isEqualTo(aspect);
        assertThat(text(format.frameRate())).isEqualTo(frameRate);
        assertThat(config.profileName()).isEqualTo(profile);
        assertThat(config.levelName()).isEqualTo(level);
        assertThat(format.bitDepth()).isEqualTo(bitDepth);
        assertThat(format.color().range()).isEqualTo(range);
        ByteBuf written = Unpooled.buffer();
        config.write(written);
        assertThat(ByteBufUtil.hexDump(written)).isEqualTo(record);
    }

    /** Longer names of ISO/IEC 14496-15 annex E and of Apple's and the browsers' documents. */
    @ParameterizedTest
    @CsvSource({
        "01 01 60000000 b00000000000 5d, hvc1.1.6.L93.B0",
        "01 41 01000000 b00000000000 5d, hvc1.A1.80.L93.B0",
        "01 22 20000000 b00000000000 99, hvc1.2.4.H153.B0",
        "01 04 08000000 9d0800000000 78, hvc1.4.10.L120.9D.8",
        "01 01 60000000 000000000000 5d, hvc1.1.6.L93",
    })
    void namesHevcByTheRecordsFirstBytes(String general, String name) {
        ByteBuf record = hex(general + "f000 fc fd f8 f8 0000 0f 00");
        assertThat(HevcConfig.parse(record).codecString()).isEqualTo(name);
    }

    @Test
    void aRecordWithoutParameterSetsLeavesTheSizeOpen() {
        assertThat(AvcConfig.parse(hex("0164001fffe000")).format()).isEqualTo(VideoFormat.UNKNOWN);
        VideoFormat hevc = HevcConfig.parse(hex("01016000000090000000000 05df000fcfdfafa1e000f00"))
                .format();
        assertThat(hevc.width()).isZero();
        assertThat(hevc.bitDepth()).isEqualTo(10);
        assertThat(hevc.frameRate()).isEqualTo(new Rational(30, 1));
        VideoFormat av1 = Av1Config.parse(hex("81256c00")).format();
        assertThat(av1.bitDepth()).isEqualTo(12);
        assertThat(av1.width()).isZero();
    }

    @Test
    void aParameterSetThatIsRubbishLeavesTheSizeOpen() {
        assertThat(AvcConfig.parse(hex("0164001fffe10004 67640000 00")).format())
                .isEqualTo(VideoFormat.UNKNOWN);
    }

    /** ISO/IEC 14496-15 §11.2.4.2, written by hand: no encoder of VVC is at hand. */
    @Test
    void readsAVvcRecord() {
        // ols 0, 1 sublayer, constant rate, 4:2:0, 10 bits | 1 byte of constraints, Main 10, level 3.1, frame only
        String record = "ff 0015 5f 01 02 33 80 00 0780 0438 3c00 00";
        VvcConfig config = VvcConfig.parse(hex(record));
        assertThat(config.codecString()).isEqualTo("vvc1.1.L51.CQA");
        assertThat(config.profileName()).isEqualTo("Main 10");
        assertThat(config.levelName()).isEqualTo("3.1");
        assertThat(config.format().width()).isEqualTo(1920);
        assertThat(config.format().height()).isEqualTo(1080);
        assertThat(config.format().bitDepth()).isEqualTo(10);
        assertThat(config.format().frameRate()).isEqualTo(new Rational(60, 1));
        ByteBuf box = Unpooled.buffer();
        config.write(box);
        assertThat(VvcConfig.parse(box)).isEqualTo(config);
        assertThat(VvcConfig.parse(hex("fe00")).codecString()).isEqualTo("vvc1.0.L0");
        assertThatThrownBy(() -> VvcConfig.parse(hex("7f0015"))).isInstanceOf(MalformedDataException.class);
    }

    /** Three sublayers, of which one has a level of its own, and a sub-profile. */
    @Test
    void passesOverTheSublayersOfVvc() {
        String record = "ff 0035 5f 02 04 53 8000 40 33 01 aabbccdd 0280 0168 0000";
        VvcConfig config = VvcConfig.parse(hex(record));
        assertThat(config.format().width()).isEqualTo(640);
        assertThat(config.format().height()).isEqualTo(360);
        assertThat(config.codecString()).isEqualTo("vvc1.2.L83.CQA");
    }

    @Test
    void aKeyFrameHasTheSizeOfVp9() {
        Vp9Header header = Vp9Header.parse(hex("824983420027f016760438241c184a1008886fb1"));
        Vp9Config config = Vp9Config.parse(hex(VP9)).sized(header);
        assertThat(config.format().width()).isEqualTo(640);
        assertThat(config.format().height()).isEqualTo(360);
        assertThat(config.codecString()).isEqualTo("vp09.00.21.08");
        assertThat(Vp9Config.of(header).codecString()).isEqualTo("vp09.00.21.08");
        assertThatThrownBy(() -> Vp9Header.parse(hex("86004092f0114004"))).isInstanceOf(MalformedDataException.class);
    }

    @Test
    void aRecordOfVp9MayLackVersionAndFlags() {
        assertThat(Vp9Config.parse(hex(VP9.substring(8)))).isEqualTo(Vp9Config.parse(hex(VP9)));
    }

    @Test
    void aKeyFrameIsAllThatVp8Needs() {
        Vp8Config config = Vp8Config.of(Vp8Header.parse(hex("50cb009d012a7e0266010007088585")));
        assertThat(config.format().width()).isEqualTo(638);
        assertThat(config.format().height()).isEqualTo(358);
        assertThat(config.codecString()).isEqualTo("vp08.00.21.08");
        assertThatThrownBy(() -> Vp8Header.parse(hex("51cb009d012a7e0266010007")))
                .isInstanceOf(MalformedDataException.class);
    }

    @ParameterizedTest
    @CsvSource({"01000000041f820202020000", "010000000015720202020000", "0015", "01000000001582020202"})
    void refusesWhatIsNoRecordOfVp9(String record) {
        assertThatThrownBy(() -> Vp9Config.parse(hex(record))).isInstanceOf(MalformedDataException.class);
    }

    @ParameterizedTest
    @CsvSource({"01050c00", "82050c00", "81050c", "''"})
    void refusesWhatIsNoRecordOfAv1(String record) {
        assertThatThrownBy(() -> Av1Config.parse(hex(record))).isInstanceOf(MalformedDataException.class);
    }

    private static VideoConfig parse(String name, ByteBuf record) {
        return switch (name.substring(0, 4)) {
            case "avc1" -> AvcConfig.parse(record);
            case "hvc1" -> HevcConfig.parse(record);
            case "av01" -> Av1Config.parse(record);
            default -> Vp9Config.parse(record);
        };
    }

    private static String text(Rational value) {
        return value.numerator() + "/" + value.denominator();
    }

    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text.replace(" ", "")));
    }
}
