package xiu.container.flv;

import xiu.bytes.FourCc;
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

/**
 * The codecs of audio and video tags under one number: the four-character code of Enhanced RTMP where there is one,
 * otherwise the classic 4-bit number.
 */
final class FlvCodecs {
    static final int AVC = 'a' << 24 | 'v' << 16 | 'c' << 8 | '1';
    static final int HEVC = 'h' << 24 | 'v' << 16 | 'c' << 8 | '1';
    static final int VVC = 'v' << 24 | 'v' << 16 | 'c' << 8 | '1';
    static final int AV1 = 'a' << 24 | 'v' << 16 | '0' << 8 | '1';
    static final int VP8 = 'v' << 24 | 'p' << 16 | '0' << 8 | '8';
    static final int VP9 = 'v' << 24 | 'p' << 16 | '0' << 8 | '9';
    static final int AAC = 'm' << 24 | 'p' << 16 | '4' << 8 | 'a';
    static final int MP3 = '.' << 24 | 'm' << 16 | 'p' << 8 | '3';
    static final int OPUS = 'O' << 24 | 'p' << 16 | 'u' << 8 | 's';
    static final int FLAC = 'f' << 24 | 'L' << 16 | 'a' << 8 | 'C';
    static final int AC3 = 'a' << 24 | 'c' << 16 | '-' << 8 | '3';
    static final int EAC3 = 'e' << 24 | 'c' << 16 | '-' << 8 | '3';

    /** G.711 has no four-character code, so it is its SoundFormat. */
    static final int A_LAW = 7;

    static final int MU_LAW = 8;

    /** Speex has no four-character code either. */
    static final int SPEEX = 11;

    /** FLV has no name for the codec. */
    static final int NONE = -1;

    /** G.711 in FLV has always this rate, whatever the tag's header says (Adobe FLV specification 10.1 §E.4.2.1). */
    static final int TELEPHONE_RATE = 8_000;

    private FlvCodecs() {}

    /** The number of the codec of this configuration; {@link #NONE} when FLV cannot carry it. */
    static int of(CodecConfig config) {
        return switch (config) {
            case AvcConfig avc -> AVC;
            case HevcConfig hevc -> HEVC;
            case VvcConfig vvc -> VVC;
            case Av1Config av1 -> AV1;
            case Vp8Config vp8 -> VP8;
            case Vp9Config vp9 -> VP9;
            case AacConfig aac -> AAC;
            case Mp3Config mp3 -> MP3;
            case OpusConfig opus -> OPUS;
            case FlacConfig flac -> FLAC;
            case Ac3Config ac3 -> AC3;
            case Eac3Config eac3 -> EAC3;
            case G711Config g711 -> ofG711(g711);
            case ColorConfig color -> NONE;
            case OpaqueConfig other -> other.codecName().equals("speex") ? SPEEX : NONE;
        };
    }

    private static int ofG711(G711Config config) {
        if (config.sampleRate() != TELEPHONE_RATE || config.channels() > 2) {
            return NONE;
        }
        return switch (config.law()) {
            case A_LAW -> A_LAW;
            case MU_LAW -> MU_LAW;
        };
    }

    /** Whether the codec has a four-character code, which Enhanced RTMP needs, and not only a classic number. */
    static boolean hasFourCc(int codec) {
        return codec < 0 || codec > 15;
    }

    /**
     * The number for {@code videocodecid} and {@code audiocodecid}: the classic one where there is one, because players
     * know it longest.
     */
    static int numberInMetadata(int codec) {
        return switch (codec) {
            case AVC -> 7;
            case AAC -> 10;
            case MP3 -> 2;
            default -> codec;
        };
    }

    /** The codec of a CodecID. Numbers above 7 are used by some encoders and CDNs, and are not Adobe's. */
    static int ofVideoId(int id) {
        return switch (id) {
            case 7 -> AVC;
            case 12 -> HEVC;
            case 13 -> AV1;
            case 14 -> VVC;
            default -> id;
        };
    }

    /** The codec of a SoundFormat. */
    static int ofAudioFormat(int format) {
        return switch (format) {
            case 2, 14 -> MP3;
            case 10 -> AAC;
            case 13 -> OPUS; // custom, not Adobe's
            default -> format;
        };
    }

    /** Whether AVCPacketType and CompositionTime follow in the classic header of this codec. */
    static boolean hasPacketType(int codec) {
        return switch (codec) {
            case AVC, HEVC, VVC, AV1 -> true;
            default -> false;
        };
    }

    /** Whether CodedFrames of this codec begin with a composition time. */
    static boolean hasCompositionTime(int fourCc) {
        return fourCc == AVC || fourCc == HEVC || fourCc == VVC;
    }

    static String videoName(int codec) {
        return switch (codec) {
            case AVC -> "h264";
            case HEVC -> "hevc";
            case VVC -> "vvc";
            case AV1 -> "av1";
            case VP8 -> "vp8";
            case VP9 -> "vp9";
            case 2 -> "h263";
            case 3 -> "flashsv";
            case 4 -> "vp6";
            case 5 -> "vp6a";
            case 6 -> "flashsv2";
            default -> unknown("video", codec);
        };
    }

    static String audioName(int codec) {
        return switch (codec) {
            case AAC -> "aac";
            case MP3 -> "mp3";
            case OPUS -> "opus";
            case FLAC -> "flac";
            case AC3 -> "ac3";
            case EAC3 -> "eac3";
            case 0, 3 -> "pcm";
            case 1 -> "adpcm";
            case 4, 5, 6 -> "nellymoser";
            case A_LAW -> "pcma";
            case MU_LAW -> "pcmu";
            case SPEEX -> "speex";
            default -> unknown("audio", codec);
        };
    }

    private static String unknown(String kind, int codec) {
        return codec >= 0 && codec < 16 ? kind + codec : FourCc.text(codec);
    }
}
