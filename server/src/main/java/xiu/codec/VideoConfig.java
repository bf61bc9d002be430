package xiu.codec;

import io.netty.buffer.ByteBuf;
import xiu.codec.video.VideoFormat;

/** The configuration of a video codec. */
public sealed interface VideoConfig extends CodecConfig
        permits Av1Config, AvcConfig, HevcConfig, Vp8Config, Vp9Config, VvcConfig {
    /** The codec with its profile and level as playlists and browsers name it (RFC 6381), such as {@code avc1.64001F}. */
    String codecString();

    /** What the pictures are like; with unknown parts where the configuration, or what came in band, does not say. */
    VideoFormat format();

    /** The profile's usual name, such as {@code High}, or its number when it has none. */
    String profileName();

    /** The level's usual name, such as {@code 4.1}; empty when the codec or the stream has none. */
    String levelName();

    /** Writes the decoder configuration record: what stands in the codec's box of an MP4 file, without the box header. */
    void write(ByteBuf out);

    /**
     * Whether decoding can begin with a sample although it may be marked as no key frame; false where only the mark says so.
     *
     * @param sample borrowed
     */
    default boolean isRecoveryPoint(ByteBuf sample) {
        return false;
    }
}
