package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import xiu.codec.AudioConfig;
import xiu.media.Track;

/**
 * Writes the header in front of a sample in the body of a tag: the classic one of Adobe FLV 10.1 where it has the codec,
 * which every player reads, and otherwise that of Enhanced RTMP v2. {@link FlvVideoBody} and {@link FlvAudioBody} read
 * them.
 *
 * <pre>
 * H.264:             frame type 4 | 7, 4 bits | packet type 8 | composition time 24
 * other video:       1 | frame type 3 | packet type 4 | FourCC 32 | composition time 24, unless it is 0
 * AAC:               10, 4 bits | 44 kHz 2 | 16 bit 1 | stereo 1 (these mean nothing) | packet type 8
 * MP3, G.711, Speex: format 4 | rate 2 | 16 bit 1 | stereo 1
 * other audio:       9, 4 bits | packet type 4 | FourCC 32
 * tracks 1 to 255:   as other video and audio, with "multitrack" as the packet type and
 *                    one track 4 | packet type 4 in front of the FourCC, track 8 behind it
 * </pre>
 */
final class FlvTagHeader {
    /** The longest: a video header of Enhanced RTMP with a track's number and a composition time. */
    static final int MOST_BYTES = 10;

    private static final int CLASSIC_AVC_BYTES = 5;
    private static final int EXTENDED_BYTES = 5;
    private static final int MULTITRACK_BYTES = 2;
    private static final int COMPOSITION_BYTES = 3;

    private static final int CLASSIC_AVC = 7;
    private static final int CLASSIC_AAC = 0xAF;
    private static final int CLASSIC_MP3 = 2;

    private static final int KEY = 1;
    private static final int INTER = 2;
    private static final int SIXTEEN_BIT = 2;
    private static final int STEREO = 1;
    /** SoundRate of 44.1 kHz; also for MP3 of 32 and 48 kHz, whose rate is in the frames. */
    private static final int RATE_44 = 3;

    private FlvTagHeader() {}

    /** Whether there is a header for the codec; only those with a FourCC can have a number other than 0. */
    static boolean fits(int codec, int track) {
        return codec != FlvCodecs.NONE && (track == 0 || track > 0 && FlvCodecs.hasFourCc(codec));
    }

    static int videoBytes(int codec, int track, int compositionMillis) {
        return isClassicVideo(codec, track)
                ? CLASSIC_AVC_BYTES
                : extendedBytes(track) + (hasComposition(codec, compositionMillis) ? COMPOSITION_BYTES : 0);
    }

    static void video(int codec, int track, boolean keyFrame, int compositionMillis, ByteBuf out) {
        int frameType = keyFrame ? KEY : INTER;
        int composition = Math.clamp(compositionMillis, -(1 << 23), (1 << 23) - 1);
        if (isClassicVideo(codec, track)) {
            out.writeByte(frameType << 4 | CLASSIC_AVC)
                    .writeByte(ExHeader.CODED_FRAMES)
                    .writeMedium(composition);
            return;
        }
        boolean written = hasComposition(codec, compositionMillis);
        // For codecs without a composition time both packet types mean the same, and all players know the first.
        boolean isZero = FlvCodecs.hasCompositionTime(codec) && !written;
        extendedVideo(frameType, isZero ? FlvVideoBody.CODED_FRAMES_X : ExHeader.CODED_FRAMES, codec, track, out);
        if (written) {
            out.writeMedium(composition);
        }
    }

    /** Writes the header in front of a decoder's configuration. */
    static void videoSequence(int codec, int track, ByteBuf out) {
        if (isClassicVideo(codec, track)) {
            out.writeByte(KEY << 4 | CLASSIC_AVC)
                    .writeByte(ExHeader.SEQUENCE_START)
                    .writeMedium(0);
        } else {
            extendedVideo(KEY, ExHeader.SEQUENCE_START, codec, track, out);
        }
    }

    static int audioBytes(int codec, int track) {
        if (isExtendedAudio(codec, track)) {
            return extendedBytes(track);
        }
        return codec == FlvCodecs.AAC ? 2 : 1;
    }

    static void audio(int codec, Track track, ByteBuf out) {
        if (isExtendedAudio(codec, track.number())) {
            extendedAudio(ExHeader.CODED_FRAMES, codec, track.number(), out);
        } else if (codec == FlvCodecs.AAC) {
            out.writeByte(CLASSIC_AAC).writeByte(ExHeader.CODED_FRAMES);
        } else {
            out.writeByte(classicAudio(codec, track));
        }
    }

    /** Writes the header in front of a decoder's configuration. */
    static void audioSequence(int codec, int track, ByteBuf out) {
        if (isExtendedAudio(codec, track)) {
            extendedAudio(ExHeader.SEQUENCE_START, codec, track, out);
        } else {
            out.writeByte(CLASSIC_AAC).writeByte(ExHeader.SEQUENCE_START);
        }
    }

    /** SoundFormat, SoundRate, SoundSize and SoundType (Adobe FLV specification 10.1 §E.4.2.1). */
    private static int classicAudio(int codec, Track track) {
        if (!(track.config() instanceof AudioConfig audio)) {
            // Speex is always 16 kHz and mono, whatever these bits say.
            return codec << 4 | SIXTEEN_BIT;
        }
        int stereo = audio.channels() > 1 ? STEREO : 0;
        if (codec == FlvCodecs.MP3) {
            return CLASSIC_MP3 << 4 | rate(audio.sampleRate()) << 2 | SIXTEEN_BIT | stereo;
        }
        return codec << 4 | SIXTEEN_BIT | stereo;
    }

    /** The rate of the family: 44.1, 48 and 32 kHz, then half and a quarter of them. */
    private static int rate(int sampleRate) {
        return sampleRate >= 32_000 ? RATE_44 : sampleRate >= 16_000 ? 2 : sampleRate >= 11_025 ? 1 : 0;
    }

    private static void extendedVideo(int frameType, int packetType, int codec, int track, ByteBuf out) {
        int shown = track == 0 ? packetType : FlvVideoBody.MULTITRACK;
        out.writeByte(FlvVideoBody.EXTENDED | frameType << 4 | shown);
        codec(packetType, codec, track, out);
    }

    private static void extendedAudio(int packetType, int codec, int track, ByteBuf out) {
        int shown = track == 0 ? packetType : FlvAudioBody.MULTITRACK;
        out.writeByte(FlvAudioBody.EXTENDED << 4 | shown);
        codec(packetType, codec, track, out);
    }

    private static void codec(int packetType, int codec, int track, ByteBuf out) {
        if (track == 0) {
            out.writeInt(codec);
        } else {
            out.writeByte(ExHeader.ONE_TRACK << 4 | packetType).writeInt(codec).writeByte(track);
        }
    }

    private static int extendedBytes(int track) {
        return EXTENDED_BYTES + (track == 0 ? 0 : MULTITRACK_BYTES);
    }

    private static boolean hasComposition(int codec, int compositionMillis) {
        return compositionMillis != 0 && FlvCodecs.hasCompositionTime(codec);
    }

    private static boolean isClassicVideo(int codec, int track) {
        return codec == FlvCodecs.AVC && track == 0;
    }

    private static boolean isExtendedAudio(int codec, int track) {
        boolean classic = codec == FlvCodecs.AAC || codec == FlvCodecs.MP3 || !FlvCodecs.hasFourCc(codec);
        return track != 0 || !classic;
    }
}
