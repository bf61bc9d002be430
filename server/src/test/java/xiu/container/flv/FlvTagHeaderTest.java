package xiu.container.flv;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.check.MediaFeed;
import xiu.codec.CodecConfig;
import xiu.codec.G711Config;
import xiu.codec.HevcConfig;
import xiu.codec.Mp3Config;
import xiu.codec.OpaqueConfig;
import xiu.codec.OpusConfig;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Time;
import xiu.media.Track;
import xiu.media.TrackKind;

/** The bits of tag headers and sequence headers that are written for samples and configurations. */
class FlvTagHeaderTest {
    private static final CodecConfig AVC = MediaFeed.AVC.config();
    private static final CodecConfig HEVC = MediaFeed.HEVC.config();

    private static String picture(CodecConfig config, int number, boolean key, long dts, long pts) {
        Track track = new Track(Track.videoId(number), TrackKind.VIDEO, config);
        return header(new MediaPacket(
                track, new Time(dts, pts), key, Unpooled.buffer().writeZero(9)));
    }

    private static String sound(CodecConfig config, int number) {
        Track track = new Track(Track.audioId(number), TrackKind.AUDIO, config);
        return header(
                new MediaPacket(track, new Time(0, 0), false, Unpooled.buffer().writeZero(9)));
    }

    private static String header(MediaPacket packet) {
        ByteBuf out = Unpooled.buffer();
        FlvBodies.writeHeader(packet, out);
        assertThat(out.readableBytes())
                .isEqualTo(FlvBodies.headerBytes(packet))
                .isLessThanOrEqualTo(FlvBodies.MOST_HEADER_BYTES);
        return ByteBufUtil.hexDump(out);
    }

    private static String sequence(Track track) {
        return ByteBufUtil.hexDump(FlvBodies.configuration(track));
    }

    @Test
    void avcHasTheClassicHeader() {
        assertThat(picture(AVC, 0, true, 40_000, 120_000)).isEqualTo("1701000050");
        assertThat(picture(AVC, 0, false, 40_000, 40_000)).isEqualTo("2701000000");
        assertThat(picture(AVC, 0, false, 40_000, 0)).isEqualTo("2701ffffd8");
    }

    @Test
    void otherCodecsHaveTheirFourCc() {
        assertThat(picture(HEVC, 0, true, 0, 80_000)).isEqualTo("91" + "68766331" + "000050");
        assertThat(picture(HEVC, 0, false, 80_000, 80_000)).isEqualTo("a3" + "68766331");
        assertThat(sound(OpusConfig.of(2), 0)).isEqualTo("91" + "4f707573");
    }

    @Test
    void furtherTracksAreMultitrackBodiesOfOne() {
        assertThat(picture(AVC, 1, true, 0, 40_000)).isEqualTo("96" + "01" + "61766331" + "01" + "000028");
        assertThat(picture(AVC, 255, false, 0, 0)).isEqualTo("a6" + "03" + "61766331" + "ff");
        assertThat(sound(MediaFeed.AAC.config(), 2)).isEqualTo("95" + "01" + "6d703461" + "02");
    }

    /** Times below a millisecond must not add up: what is shown with what was decoded is rounded by itself. */
    @Test
    void compositionTimesAreDifferencesOfWholeMilliseconds() {
        assertThat(picture(AVC, 0, false, 33_333, 66_666)).isEqualTo("2701000021");
        assertThat(picture(AVC, 0, false, 33_999, 67_000)).isEqualTo("2701000022");
    }

    @Test
    void compositionTimesBeyondTheFieldAreItsLimits() {
        assertThat(picture(AVC, 0, false, 0, 9_000_000_000L)).isEqualTo("27017fffff");
        assertThat(picture(AVC, 0, false, 9_000_000_000L, 0)).isEqualTo("2701800000");
    }

    @ParameterizedTest
    @CsvSource({
        "44100, 2, 2f",
        "48000, 2, 2f",
        "32000, 1, 2e",
        "22050, 2, 2b",
        "24000, 1, 2a",
        "11025, 1, 26",
        "8000, 1, 22"
    })
    void mp3HasTheNearestRate(int sampleRate, int channels, String header) {
        assertThat(sound(new Mp3Config(3, sampleRate, channels), 0)).isEqualTo(header);
    }

    @Test
    void aacG711AndSpeexHaveClassicHeaders() {
        assertThat(sound(MediaFeed.AAC.config(), 0)).isEqualTo("af01");
        assertThat(sound(new G711Config(G711Config.Law.A_LAW, 8_000, 1), 0)).isEqualTo("72");
        assertThat(sound(new G711Config(G711Config.Law.MU_LAW, 8_000, 2), 0)).isEqualTo("83");
        assertThat(sound(new OpaqueConfig("speex"), 0)).isEqualTo("b2");
    }

    @Test
    void whatFlvHasNoNameForIsLeftOut() {
        for (CodecConfig config :
                new CodecConfig[] {new OpaqueConfig("theora"), new G711Config(G711Config.Law.A_LAW, 16_000, 1)}) {
            Track track = new Track(Track.AUDIO_ID, TrackKind.AUDIO, config);
            assertThat(FlvBodies.carries(track)).isFalse();
            assertThat(FlvBodies.configuration(track).isReadable()).isFalse();
            assertThat(FlvBodies.headerBytes(new MediaPacket(track, new Time(0, 0), false, Unpooled.EMPTY_BUFFER)))
                    .isNegative();
        }
        // G.711 has no FourCC, which the header of a second track needs.
        Track second = new Track(Track.audioId(1), TrackKind.AUDIO, new G711Config(G711Config.Law.A_LAW, 8_000, 1));
        assertThat(FlvBodies.carries(second)).isFalse();
        assertThat(FlvBodies.carries(new Track(Track.METADATA_ID, TrackKind.DATA, new OpaqueConfig("klv"))))
                .isFalse();
    }

    @Test
    void sequenceHeadersAreMadeOfConfigurations() {
        assertThat(sequence(new Track(Track.VIDEO_ID, TrackKind.VIDEO, AVC))).startsWith("1700000000" + "0142c01e");
        assertThat(sequence(new Track(Track.videoId(1), TrackKind.VIDEO, AVC)))
                .startsWith("96" + "00" + "61766331" + "01" + "0142c01e");
        assertThat(sequence(new Track(Track.AUDIO_ID, TrackKind.AUDIO, MediaFeed.AAC.config())))
                .isEqualTo("af00" + "1210");
        assertThat(sequence(new Track(Track.AUDIO_ID, TrackKind.AUDIO, OpusConfig.of(2))))
                .isEqualTo("90" + "4f707573" + "4f70757348656164" + "01" + "02" + "0000" + "80bb0000" + "0000" + "00");
        assertThat(sequence(new Track(Track.AUDIO_ID, TrackKind.AUDIO, new Mp3Config(3, 44_100, 2))))
                .isEmpty();
    }

    @Test
    void whatWasPublishedStaysAsItIs() {
        ByteBuf header = Bytes.of("1c00000000aabb");
        Track track = new Track(Track.VIDEO_ID, TrackKind.VIDEO, HEVC, header);
        assertThat(HEVC).isInstanceOf(HevcConfig.class);
        assertThat(FlvBodies.configuration(track)).isSameAs(header);
        MediaPacket packet = new MediaPacket(track, new Time(0, 0), true, Bytes.of("1c01000000ff"), 5);
        assertThat(header(packet)).isEmpty();
    }
}
