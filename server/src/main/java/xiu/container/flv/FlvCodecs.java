package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import xiu.bytes.FourCc;
import xiu.bytes.MalformedDataException;
import xiu.codec.AacConfig;
import xiu.codec.AvcConfig;
import xiu.codec.CodecConfig;
import xiu.codec.HevcConfig;
import xiu.codec.Mp3Config;
import xiu.codec.OpaqueConfig;
import xiu.codec.audio.Mp3Header;

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
            case 7 -> "pcma";
            case 8 -> "pcmu";
            case 11 -> "speex";
            default -> unknown("audio", codec);
        };
    }

    private static String unknown(String kind, int codec) {
        return codec >= 0 && codec < 16 ? kind + codec : FourCc.text(codec);
    }

    /** Of a sequence header; opaque where this code or the peer is wrong, so that at least RTMP and FLV carry on. */
    static CodecConfig videoConfig(int codec, ByteBuf record) {
        try {
            return switch (codec) {
                case AVC -> AvcConfig.parse(record);
                case HEVC -> HevcConfig.parse(record);
                default -> new OpaqueConfig(videoName(codec));
            };
        } catch (MalformedDataException unreadable) {
            return new OpaqueConfig(videoName(codec));
        }
    }

    /** Of a sequence header; opaque where it cannot be read. */
    static CodecConfig audioConfig(int codec, ByteBuf record) {
        try {
            return codec == AAC ? AacConfig.parse(record) : new OpaqueConfig(audioName(codec));
        } catch (MalformedDataException unreadable) {
            return new OpaqueConfig(audioName(codec));
        }
    }

    /** Of a frame that describes itself; opaque for all but MPEG audio. */
    static CodecConfig inBandAudioConfig(int codec, ByteBuf body, int offset) {
        if (codec == MP3 && body.readableBytes() - offset >= 4) {
            try {
                return Mp3Config.of(Mp3Header.parse(body.getInt(body.readerIndex() + offset)));
            } catch (MalformedDataException noHeader) {
                return new OpaqueConfig(audioName(codec));
            }
        }
        return new OpaqueConfig(audioName(codec));
    }
}
