package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;
import xiu.codec.AacConfig;
import xiu.codec.Ac3Config;
import xiu.codec.AudioConfig;
import xiu.codec.Av1Config;
import xiu.codec.AvcConfig;
import xiu.codec.CodecConfig;
import xiu.codec.ColorConfig;
import xiu.codec.Eac3Config;
import xiu.codec.FlacConfig;
import xiu.codec.G711Config;
import xiu.codec.HevcConfig;
import xiu.codec.Mp3Config;
import xiu.codec.OpaqueConfig;
import xiu.codec.OpusConfig;
import xiu.codec.Vp8Config;
import xiu.codec.Vp9Config;
import xiu.codec.VvcConfig;
import xiu.codec.audio.Mp3Header;
import xiu.codec.video.ColorDescription;
import xiu.codec.video.Vp8Header;
import xiu.codec.video.Vp9Header;
import xiu.container.flv.amf.AmfReader;
import xiu.container.flv.amf.AmfValue;

/**
 * Reads configurations from the bodies of tags: from sequence headers, and from frames of codecs whose frames contain
 * it. A configuration that cannot be read becomes an opaque one, and nothing is refused: RTMP and FLV carry the track
 * all the same.
 */
final class FlvConfigs {
    /** The codec name of tracks that only describe another track. */
    static final String DESCRIPTION = "description";

    /** A colorInfo with all its fields has some 500 bytes. */
    private static final int LONGEST_COLOR = 4_096;

    private static final int OPUS_STEREO = 0x04;

    private FlvConfigs() {}

    /** The configuration in a video sequence header. */
    static CodecConfig video(int codec, ByteBuf record) {
        try {
            return switch (codec) {
                case FlvCodecs.AVC -> AvcConfig.parse(record);
                case FlvCodecs.HEVC -> HevcConfig.parse(record);
                case FlvCodecs.VVC -> VvcConfig.parse(record);
                case FlvCodecs.AV1 -> Av1Config.parse(record);
                case FlvCodecs.VP8 -> Vp8Config.parse(record);
                case FlvCodecs.VP9 -> Vp9Config.parse(record);
                default -> new OpaqueConfig(FlvCodecs.videoName(codec));
            };
        } catch (MalformedDataException unreadable) {
            return new OpaqueConfig(FlvCodecs.videoName(codec));
        }
    }

    /** The configuration in an audio sequence header. */
    static CodecConfig audio(int codec, ByteBuf record) {
        try {
            return switch (codec) {
                case FlvCodecs.AAC -> AacConfig.parse(record);
                case FlvCodecs.OPUS -> OpusConfig.parse(record);
                case FlvCodecs.FLAC -> FlacConfig.parse(record);
                default -> new OpaqueConfig(FlvCodecs.audioName(codec));
            };
        } catch (MalformedDataException unreadable) {
            return new OpaqueConfig(FlvCodecs.audioName(codec));
        }
    }

    /**
     * The colours in a video description: {@code colorInfo}, whose numbers are those of ITU-T H.273 (Enhanced RTMP v2,
     * "Metadata Frame"). Opaque when it is something else.
     */
    static CodecConfig color(ByteBuf description) {
        if (description.readableBytes() > LONGEST_COLOR) {
            return new OpaqueConfig(DESCRIPTION);
        }
        try {
            AmfReader reader = new AmfReader(description.duplicate());
            if (reader.hasNext()
                    && reader.readText().equals("colorInfo")
                    && reader.hasNext()
                    && reader.read() instanceof AmfValue.Fields colorInfo
                    && colorInfo.fields().get("colorConfig") instanceof AmfValue.Fields numbers) {
                return new ColorConfig(new ColorDescription(
                        codePoint(numbers, "colorPrimaries"),
                        codePoint(numbers, "transferCharacteristics"),
                        codePoint(numbers, "matrixCoefficients"),
                        false));
            }
        } catch (MalformedDataException unreadable) {
            return new OpaqueConfig(DESCRIPTION);
        }
        return new OpaqueConfig(DESCRIPTION);
    }

    private static int codePoint(AmfValue.Fields numbers, String name) {
        double value = numbers.number(name).orElse(ColorDescription.NOT_SPECIFIED);
        return value >= 0 && value <= 255 ? (int) value : ColorDescription.NOT_SPECIFIED;
    }

    /** Whether the size of the pictures is in the key frames of this codec, and not in its sequence header. */
    static boolean keyFramesHaveSizes(int codec) {
        return codec == FlvCodecs.VP8 || codec == FlvCodecs.VP9;
    }

    /**
     * The configuration after a video frame.
     *
     * @param known the configuration so far for this codec
     * @param frame the sample; borrowed
     */
    static CodecConfig ofVideoFrame(int codec, @Nullable CodecConfig known, ByteBuf frame) {
        try {
            return switch (codec) {
                case FlvCodecs.VP8 -> Vp8Config.of(Vp8Header.parse(frame));
                case FlvCodecs.VP9 -> {
                    Vp9Header header = Vp9Header.parse(frame);
                    yield known instanceof Vp9Config vp9 ? vp9.sized(header) : Vp9Config.of(header);
                }
                default -> new OpaqueConfig(FlvCodecs.videoName(codec));
            };
        } catch (MalformedDataException unreadable) {
            return known != null ? known : new OpaqueConfig(FlvCodecs.videoName(codec));
        }
    }

    /** Whether each frame of this codec contains its configuration, and there is no sequence header. */
    static boolean framesHaveHeaders(int codec) {
        return codec == FlvCodecs.MP3 || codec == FlvCodecs.AC3 || codec == FlvCodecs.EAC3;
    }

    /**
     * The configuration in an audio frame of a codec without sequence header, or whose sequence header has not come.
     *
     * @param tag the first byte of the tag's body
     * @param frame the sample; borrowed
     */
    static CodecConfig ofAudioFrame(int codec, int tag, ByteBuf frame) {
        if (!frame.isReadable()) {
            return new OpaqueConfig(FlvCodecs.audioName(codec));
        }
        int channels = (tag & 1) + 1;
        try {
            return switch (codec) {
                case FlvCodecs.MP3 -> Mp3Config.of(Mp3Header.parse(frame));
                case FlvCodecs.AC3 -> Ac3Config.of(frame);
                case FlvCodecs.EAC3 -> Eac3Config.of(frame);
                case FlvCodecs.OPUS -> OpusConfig.of((frame.getByte(frame.readerIndex()) & OPUS_STEREO) == 0 ? 1 : 2);
                case FlvCodecs.A_LAW -> new G711Config(G711Config.Law.A_LAW, FlvCodecs.TELEPHONE_RATE, channels);
                case FlvCodecs.MU_LAW -> new G711Config(G711Config.Law.MU_LAW, FlvCodecs.TELEPHONE_RATE, channels);
                default -> new OpaqueConfig(FlvCodecs.audioName(codec));
            };
        } catch (MalformedDataException noHeader) {
            return new OpaqueConfig(FlvCodecs.audioName(codec));
        }
    }

    /**
     * Whether a frame's configuration is that of the track, without regard to what differs from frame to frame, such as
     * a bit rate.
     */
    static boolean same(CodecConfig known, CodecConfig frame) {
        return known instanceof AudioConfig before
                && frame instanceof AudioConfig now
                && before.codecName().equals(now.codecName())
                && before.sampleRate() == now.sampleRate()
                && before.channels() == now.channels();
    }
}
