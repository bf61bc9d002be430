package xiu.container.flv;

import xiu.bytes.FourCc;

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

    private FlvCodecs() {}

    /** Of CodecID. Beyond 7 the numbers are the custom of some encoders and CDNs, not Adobe's. */
    static int ofVideoId(int id) {
        return switch (id) {
            case 7 -> AVC;
            case 12 -> HEVC;
            case 13 -> AV1;
            case 14 -> VVC;
            default -> id;
        };
    }

    /** Of SoundFormat. */
    static int ofAudioFormat(int format) {
        return switch (format) {
            case 2, 14 -> MP3;
            case 10 -> AAC;
            case 13 -> OPUS; // custom, not Adobe's
            default -> format;
        };
    }

    /** Whether the classic header of this codec goes on with AVCPacketType and CompositionTime. */
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
            case 11 -> "speex";
            default -> unknown("audio", codec);
        };
    }

    private static String unknown(String kind, int codec) {
        return codec >= 0 && codec < 16 ? kind + codec : FourCc.text(codec);
    }
}
