package xiu.container.mpegts;

import org.jspecify.annotations.Nullable;
import xiu.codec.AacConfig;
import xiu.codec.Ac3Config;
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

/** What a transport stream calls the codecs it carries here (ISO/IEC 13818-1 table 2-34). */
enum StreamType {
    MPEG1_AUDIO(0x03),
    MPEG2_AUDIO(0x04),
    AAC_ADTS(0x0F),
    H264(0x1B),
    HEVC(0x24);

    /** An MP3 below this sample rate is of MPEG-2. */
    private static final int MPEG1_LOWEST_RATE = 32_000;

    private final int code;

    StreamType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    boolean isVideo() {
        return this == H264 || this == HEVC;
    }

    /** The type of a codec; null when a transport stream does not carry it. */
    static @Nullable StreamType of(CodecConfig config) {
        return switch (config) {
            case AvcConfig avc -> H264;
            case HevcConfig hevc -> HEVC;
            case AacConfig aac -> aac.fitsAdts() ? AAC_ADTS : null;
            case Mp3Config mp3 -> mp3.sampleRate() < MPEG1_LOWEST_RATE ? MPEG2_AUDIO : MPEG1_AUDIO;
            // ISO/IEC 13818-1 has no stream type for these, or HLS players do not take them in a transport stream.
            case Av1Config other -> null;
            case VvcConfig other -> null;
            case Vp8Config other -> null;
            case Vp9Config other -> null;
            case OpusConfig other -> null;
            case FlacConfig other -> null;
            case Ac3Config other -> null;
            case Eac3Config other -> null;
            case G711Config other -> null;
            case ColorConfig other -> null;
            case OpaqueConfig other -> null;
        };
    }
}
