package xiu.container.flv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.codec.AudioConfig;
import xiu.codec.ColorConfig;
import xiu.codec.OpaqueConfig;
import xiu.codec.VideoConfig;
import xiu.codec.video.VideoRange;
import xiu.media.Track;

/** What the demuxer knows of each codec, from sequence headers and frames as ffmpeg 8 sends them. */
class FlvConfigsTest {
    private static final String VP9_HEADER = "90 'vp09' 01000000 00 15 82 02 02 02 0000";
    private static final String VP9_KEY_FRAME = "91 'vp09' 824983420027f016760438241c184a10";

    private final Recorder out = new Recorder();
    private final FlvDemuxer demuxer = new FlvDemuxer(out);

    @ParameterizedTest
    @CsvSource({
        "90 'av01' 81090c000a0e0000004aabbfc3700be040404041, av01.0.09M.08.0.110.01.01.01.0, 1920x1080",
        "1d00000000 81050c000a0b0000002d4cffb3ccaf9004, av01.0.05M.08, 1280x720", // under its old number
        "90 'vvc1' ff00155f01023380000780 04383c0000, vvc1.1.L51.CQA, 1920x1080",
        "90 'vp08' 01000000 00 0a 82 01 01 01 0000, vp08.00.10.08, 0x0",
        "91 'vp08' 50cb009d012a7e0266010007088585, vp08.00.21.08, 638x358",
        VP9_HEADER + ", vp09.00.21.08, 0x0",
        VP9_KEY_FRAME + ", vp09.00.21.08, 640x360",
    })
    void knowsVideo(String body, String name, String size) {
        demuxer.video(0, Bytes.of(body));
        VideoConfig config = (VideoConfig) out.track().config();
        assertThat(config.codecString()).isEqualTo(name);
        assertThat(config.format().width() + "x" + config.format().height()).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({
        "90 'Opus' 4f707573486561640106380180bb00000000010402000401020305, opus, 48000, 6",
        "91 'Opus' fc02fffe, opus, 48000, 2", // no header: the frame says that it is stereo
        "d2 78, opus, 48000, 1",
        "90 'fLaC' 12001200000000004a580bb802f00000000000000000000000000000000000000000, fLaC, 48000, 2",
        "91 'ac-3' 0b77b50b1e40ebf8403eff99, ac-3, 48000, 6",
        "91 'ec-3' 0b77037f3f87c00020f82000, ec-3, 48000, 6",
        "91 '.mp3' fffb9064, mp4a.40.34, 44100, 2",
        "90 'mp4a' 11b056e500, mp4a.40.2, 48000, 6",
        "72 d5, alaw, 8000, 1",
        "83 ff, ulaw, 8000, 2",
    })
    void knowsAudio(String body, String name, int sampleRate, int channels) {
        demuxer.audio(0, Bytes.of(body));
        AudioConfig config = (AudioConfig) out.track().config();
        assertThat(config.codecString()).isEqualTo(name);
        assertThat(config.outputSampleRate()).isEqualTo(sampleRate);
        assertThat(config.outputChannels()).isEqualTo(channels);
    }

    @Test
    void theSizeOfVp9ComesWithItsKeyFrameAndStays() {
        demuxer.video(0, Bytes.of(VP9_HEADER));
        demuxer.video(0, Bytes.of(VP9_KEY_FRAME));
        demuxer.video(40, Bytes.of(VP9_HEADER));
        demuxer.video(40, Bytes.of(VP9_KEY_FRAME));
        assertThat(out.tracks).hasSize(2);
        Track sized = out.track();
        assertThat(((VideoConfig) sized.config()).format().width()).isEqualTo(640);
        assertThat(sized.flvHeader()).isEqualTo(Bytes.of(VP9_HEADER));
        assertThat(out.packet().track()).isSameAs(sized);
    }

    @Test
    void aKeyFrameOfAnotherSizeIsAChangedTrack() {
        demuxer.video(0, Bytes.of("91 'vp08' 50cb009d012a7e0266010007088585"));
        demuxer.video(40, Bytes.of("a1 'vp08' 51cb0000"));
        demuxer.video(80, Bytes.of("91 'vp08' 00"));
        assertThat(out.tracks).hasSize(1);
        demuxer.video(120, Bytes.of("91 'vp08' 50cb009d012a8002680100"));
        assertThat(out.tracks).hasSize(2);
    }

    @Test
    void framesOfAnotherBitRateAreTheSameTrack() {
        demuxer.audio(0, Bytes.of("91 'ec-3' 0b77037f3f87c00020f82000"));
        demuxer.audio(32, Bytes.of("91 'ec-3' 0b77027f3f87c00020f82000"));
        demuxer.audio(64, Bytes.of("91 'ec-3' 00000000"));
        assertThat(out.tracks).hasSize(1);
        demuxer.audio(96, Bytes.of("91 'ec-3' 0b77037f3487c00020f82000"));
        assertThat(out.tracks).hasSize(2);
        assertThat(out.packets).hasSize(4);
    }

    @Test
    void bodiesOfManyTracksStayOpaque() {
        demuxer.audio(0, Bytes.of("95 11 'Opus' 00 000002 fc00 01 000002 fc00"));
        assertThat(out.track().id()).isEqualTo(FlvDemuxer.MANY_AUDIO_ID);
        assertThat(out.track().config()).isEqualTo(new OpaqueConfig("opus"));
    }

    @Test
    void knowsTheRangeOfTheColours() {
        String numbers = "0017 'transferCharacteristics' 00 4030000000000000"
                + "0012 'matrixCoefficients' 00 4022000000000000 000e 'colorPrimaries' 00 4022000000000000";
        demuxer.video(
                0, Bytes.of("d4 'av01' 02 0009 'colorInfo' 03 000b 'colorConfig' 03" + numbers + "000009 000009"));
        ColorConfig config = (ColorConfig) out.track().config();
        assertThat(config.color().range()).isEqualTo(VideoRange.PQ);
        assertThat(config.color().primaries()).isEqualTo(9);
        demuxer.video(1, Bytes.of("d4 'av01' 02 0009 'colorInfo' 03 000b 'colorConfig' 03"));
        assertThat(out.track().config()).isEqualTo(new OpaqueConfig("description"));
    }
}
