package xiu.container.mpegts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.bytes.MalformedDataException;
import xiu.check.MediaFeed;
import xiu.check.TsCheck;
import xiu.check.TsPes;
import xiu.codec.AacConfig;
import xiu.codec.HevcConfig;
import xiu.codec.OpaqueConfig;
import xiu.media.MediaPacket;
import xiu.media.Track;

class TsMuxerTest {
    /** Counts what it gives out, and does not slow every access down as the leak detector does. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);

    private final TsMuxer muxer = new TsMuxer(allocator);
    private final TsCheck check = new TsCheck();

    @AfterEach
    void close() {
        muxer.discard();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void everyAccessUnitHasItsDelimiterAndKeyFramesTheirParameterSets() {
        muxer.begin(true, true);
        write(MediaFeed.picture(MediaFeed.AVC, 0, 80, true, 10));
        write(MediaFeed.picture(MediaFeed.AVC, 40, 40, false, 4));
        TsCheck.Segment segment = finish(true);
        assertThat(segment.streams()).isEqualTo(Map.of(0x100, 0x1B));
        assertThat(segment.video().get(0).hex())
                .isEqualTo("00000001" + "09f0" + "00000001" + "6742c01e95a0" + "00000001" + "68ce3c80" + "000001"
                        + "6588" + "40414243444546474849");
        assertThat(segment.video().get(1).hex()).startsWith("00000001" + "09f0" + "000001" + "419a");
        assertThat(TsCheck.independent(segment)).isTrue();
    }

    @Test
    void hevcKeyFramesBeginWithVpsSpsPps() {
        muxer.begin(true, true);
        write(MediaFeed.picture(MediaFeed.HEVC, 0, 0, true, 10));
        write(MediaFeed.picture(MediaFeed.HEVC, 40, 40, false, 10));
        TsCheck.Segment segment = finish(true);
        assertThat(segment.streams()).isEqualTo(Map.of(0x100, 0x24));
        assertThat(TsCheck.nalTypes(segment.video().get(0).payload(), true)).containsExactly(35, 32, 33, 34, 19);
        assertThat(TsCheck.nalTypes(segment.video().get(1).payload(), true)).containsExactly(35, 1);
        assertThat(TsCheck.independent(segment)).isTrue();
    }

    /** Mastering colours (137) and light levels (144) stand in the configuration, in units of their own. */
    private static Track hevcWithColours() {
        HevcConfig config = (HevcConfig) MediaFeed.HEVC.config();
        List<HevcConfig.NalArray> arrays = new ArrayList<>(config.arrays());
        arrays.add(new HevcConfig.NalArray(39, List.of(unit("4e018901aa80"), unit("4e019001bb80"))));
        return new Track(
                MediaFeed.HEVC.id(),
                MediaFeed.HEVC.kind(),
                new HevcConfig(config.general(), config.nalLengthSize(), arrays),
                MediaFeed.HEVC.flvHeader());
    }

    private static ByteBuf unit(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    private static MediaPacket keyFrame(Track track, String... units) {
        ByteBuf body = Unpooled.buffer().writeZero(5);
        for (String nal : units) {
            byte[] unit = ByteBufUtil.decodeHexDump(nal);
            body.writeInt(unit.length).writeBytes(unit);
        }
        return new MediaPacket(track, new MediaPacket.Time(0, 0), true, body, 5);
    }

    private String written(MediaPacket keyFrame) {
        muxer.begin(true, true);
        write(keyFrame);
        return ByteBufUtil.hexDump(finish(true).video().getFirst().payload());
    }

    @Test
    void seiOfTheHevcConfigurationComesWithEveryKeyFrame() {
        Track track = hevcWithColours();
        muxer.begin(true, true);
        write(MediaFeed.picture(track, 0, 0, true, 10));
        write(MediaFeed.picture(track, 40, 40, false, 10));
        List<TsPes> pictures = finish(true).video();
        assertThat(TsCheck.nalTypes(pictures.get(0).payload(), true)).containsExactly(35, 32, 33, 34, 39, 39, 19);
        assertThat(TsCheck.nalTypes(pictures.get(1).payload(), true)).containsExactly(35, 1);
    }

    @Test
    void itComesAlsoBehindParameterSetsThatTheKeyFrameHasItself() {
        assertThat(written(keyFrame(hevcWithColours(), "4601", "40010c05", "42010105", "4401c175", "2601aa")))
                .isEqualTo("00000001460150" + "0000000140010c05" + "0000000142010105" + "000000014401c175"
                        + "000000014e018901aa80" + "000000014e019001bb80" + "0000012601aa");
    }

    @Test
    void seiThatTheKeyFrameHasItselfIsNotDoubled() {
        String own = "4e010503000003018901cc80"; // of the user, with an emulation prevention byte; and colours
        assertThat(written(keyFrame(hevcWithColours(), "40010c05", "42010105", "4401c175", own, "2601aa")))
                .isEqualTo("00000001460150" + "0000000140010c05" + "0000000142010105" + "000000014401c175"
                        + "000000014e019001bb80" + "000001" + own + "0000012601aa");
    }

    @Test
    void parameterSetsAndDelimitersOfTheSampleAreNotDoubled() {
        muxer.begin(true, true);
        write(keyFrame(MediaFeed.AVC, "09f0", "6742c01f00", "68ce3c81", "6588aa"));
        assertThat(TsCheck.nalTypes(finish(true).video().getFirst().payload(), false))
                .containsExactly(9, 7, 8, 5);
    }

    @Test
    void audioFramesShareOnePesButNeverMoreThanATenthOfASecond() {
        muxer.begin(true, false);
        for (int frame = 0; frame < 43; frame++) {
            write(MediaFeed.sound(MediaFeed.AAC, frame * 1024_000L / 44_100 * 1000, 100));
        }
        TsCheck.Segment segment = finish(true);
        assertThat(segment.streams()).isEqualTo(Map.of(0x101, 0x0F));
        assertThat(segment.audio())
                .hasSize(11)
                .allSatisfy(pes -> assertThat(pes.beginsWith("fff1")).isTrue());
        assertThat(segment.audio().get(0).payload()).hasSize(4 * (7 + 101));
        // The true time of the fifth frame, 92 ms, and not what four durations add up to.
        assertThat(segment.audio().get(1).pts() - segment.audio().get(0).pts()).isEqualTo(92 * 90);
    }

    @Test
    void audioAfterAGapKeepsItsTime() {
        muxer.begin(true, false);
        write(MediaFeed.sound(MediaFeed.AAC, 0, 100));
        write(MediaFeed.sound(MediaFeed.AAC, 50_000, 100));
        List<TsPes> audio = finish(true).audio();
        assertThat(audio).hasSize(2);
        assertThat(audio.get(1).pts() - audio.get(0).pts()).isEqualTo(50 * 90);
    }

    /** ffmpeg's 5.1(side), with a program config element, in the middle of others. */
    @Test
    void aLayoutWithoutANumberStandsInFrontOfEveryFrame() {
        Track surround = MediaFeed.audio(AacConfig.parse(unit("118004c844002000c40d4c61766336322e31312e31303056e500")));
        assertThat(TsMuxer.carries(surround)).isTrue();
        muxer.begin(true, false);
        for (int frame = 0; frame < 8; frame++) {
            write(MediaFeed.sound(surround, frame * 21_333L, 50));
        }
        List<TsPes> audio = finish(true).audio();
        assertThat(audio).hasSize(2).allSatisfy(pes -> assertThat(pes.payload()).hasSize(4 * (7 + 9 + 51)));
        assertThat(audio.getFirst().hex()).startsWith("fff14c00087ffc" + "a0990880040018" + "8000" + "21");
    }

    @Test
    void mp3IsCarriedAsItIs() {
        muxer.begin(true, false);
        write(MediaFeed.sound(MediaFeed.MP3, 0, 0));
        TsCheck.Segment segment = finish(true);
        assertThat(segment.streams()).isEqualTo(Map.of(0x101, 0x03));
        assertThat(segment.audio().getFirst().payload()).hasSize(417).startsWith(0xFF, 0xFB);
    }

    @Test
    void countersAndClockRunOnOverSegments() {
        for (int segment = 0; segment < 20; segment++) {
            muxer.begin(segment == 0, true);
            for (int frame = 0; frame < 30; frame++) {
                int ms = (segment * 30 + frame) * 33;
                write(MediaFeed.picture(MediaFeed.AVC, ms, ms, frame == 0, 700));
                write(MediaFeed.sound(MediaFeed.AAC, ms * 1000L, 200));
            }
            TsCheck.Segment read = finish(segment == 0);
            assertThat(read.video()).hasSize(30);
            assertThat(read.pcrPid()).isEqualTo(0x100);
            assertThat(read.pmtVersion()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 30})
    void theClockTicksBetweenRareFrames(int framesPerSecond) {
        muxer.begin(true, true);
        for (int frame = 0; frame < 10; frame++) {
            int ms = frame * 1000 / framesPerSecond;
            write(MediaFeed.picture(MediaFeed.AVC, ms, ms, frame == 0, 50));
        }
        assertThat(finish(true).video()).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {5 * 3600_000L, 95_443_717L - 11_400, (1L << 33) / 90 * 3})
    void timeStampsWrapAt33Bits(long startMillis) {
        muxer.begin(true, true);
        for (int frame = 0; frame < 500; frame++) {
            long ms = startMillis + frame * 40L;
            write(MediaFeed.picture(MediaFeed.AVC, ms, ms + 80, frame % 50 == 0, 60));
            write(MediaFeed.sound(MediaFeed.AAC, ms * 1000, 20));
        }
        List<TsPes> video = finish(true).video();
        for (int i = 1; i < video.size(); i++) {
            assertThat(video.get(i).dts() - video.get(i - 1).dts() & (1L << 33) - 1)
                    .isEqualTo(3600);
            assertThat(video.get(i).pts() - video.get(i).dts() & (1L << 33) - 1).isEqualTo(7200);
        }
    }

    @Test
    void framesOfEverySizeAreStuffedRight() {
        muxer.begin(true, true);
        for (int size = 1; size < 400; size++) {
            write(MediaFeed.picture(MediaFeed.AVC, size * 40L, size * 40L, size % 7 == 1, size));
        }
        write(MediaFeed.picture(MediaFeed.AVC, 16_000, 16_000, false, 200_000));
        List<TsPes> video = finish(true).video();
        assertThat(video).hasSize(400);
        assertThat(video.getLast().payload()).hasSize(6 + 3 + 2 + 200_000);
    }

    @Test
    void theTablesListWhatCameAndChangeTheirVersionWithIt() {
        muxer.begin(true, true);
        write(MediaFeed.picture(MediaFeed.AVC, 0, 0, true, 50));
        assertThat(finish(true).streams()).containsOnlyKeys(0x100);
        muxer.begin(true, true);
        write(MediaFeed.picture(MediaFeed.AVC, 2000, 2000, true, 50));
        write(MediaFeed.sound(MediaFeed.AAC, 2_000_000, 20));
        TsCheck.Segment both = finish(true);
        assertThat(both.streams()).isEqualTo(Map.of(0x100, 0x1B, 0x101, 0x0F));
        assertThat(both.pmtVersion()).isEqualTo(1);
        muxer.begin(true, false);
        write(MediaFeed.sound(MediaFeed.AAC, 4_000_000, 20));
        TsCheck.Segment audio = finish(true);
        assertThat(audio.streams()).isEqualTo(Map.of(0x101, 0x0F));
        assertThat(audio.pcrPid()).isEqualTo(0x101);
    }

    @Test
    void framesAtOneTimeAreDecodedOneAfterTheOther() {
        muxer.begin(true, true);
        write(MediaFeed.picture(MediaFeed.AVC, 0, 90, true, 10));
        write(MediaFeed.picture(MediaFeed.AVC, 40, 130, false, 10));
        write(MediaFeed.picture(MediaFeed.AVC, 40, 40, false, 10));
        write(MediaFeed.picture(MediaFeed.AVC, 40, 40, false, 10));
        List<TsPes> video = finish(true).video();
        assertThat(video.get(2).dts()).isGreaterThan(video.get(1).dts());
        assertThat(video.get(3).dts()).isGreaterThan(video.get(2).dts());
        assertThat(video.get(3).pts()).isEqualTo(video.get(3).dts());
    }

    @Test
    void negativeCompositionTimesAreMadeLegal() {
        muxer.begin(true, true);
        write(MediaFeed.picture(MediaFeed.AVC, 1000, 920, true, 50));
        write(MediaFeed.picture(MediaFeed.AVC, 1040, 1080, false, 50));
        write(MediaFeed.picture(MediaFeed.AVC, 1080, 1000, false, 50));
        assertThat(finish(true).video())
                .hasSize(3)
                .allSatisfy(p -> assertThat(p.pts()).isGreaterThanOrEqualTo(p.dts()));
    }

    @Test
    void aMalformedFrameIsLeftOutWhole() {
        muxer.begin(true, true);
        write(MediaFeed.picture(MediaFeed.AVC, 0, 0, true, 50));
        ByteBuf body = Unpooled.buffer().writeZero(5).writeInt(500).writeShort(0x419A);
        MediaPacket wrong = new MediaPacket(MediaFeed.AVC, new MediaPacket.Time(40_000, 40_000), false, body, 5);
        assertThatThrownBy(() -> muxer.write(wrong)).isInstanceOf(MalformedDataException.class);
        wrong.release();
        write(MediaFeed.picture(MediaFeed.AVC, 80, 80, false, 50));
        assertThat(finish(true).video()).hasSize(2);
    }

    @Test
    void whatMpegTsDoesNotCarryIsSaid() {
        assertThat(TsMuxer.carries(MediaFeed.video(new OpaqueConfig("av01")))).isFalse();
        AacConfig large = AacConfig.lowComplexity(48_000, 11);
        assertThat(TsMuxer.carries(MediaFeed.audio(large))).isFalse();
        for (Track track : List.of(MediaFeed.AVC, MediaFeed.HEVC, MediaFeed.AAC, MediaFeed.MP3)) {
            assertThat(TsMuxer.carries(track)).isTrue();
        }
    }

    private void write(MediaPacket packet) {
        muxer.write(packet);
        packet.release();
    }

    private TsCheck.Segment finish(boolean afterBreak) {
        ByteBuf bytes = muxer.finish().cut();
        try {
            return check.segment(ByteBufUtil.getBytes(bytes), afterBreak);
        } finally {
            bytes.release();
        }
    }
}
