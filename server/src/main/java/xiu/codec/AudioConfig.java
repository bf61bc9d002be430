package xiu.codec;

import io.netty.buffer.ByteBuf;

/** The configuration of an audio codec. */
public sealed interface AudioConfig extends CodecConfig
        permits AacConfig, Ac3Config, Eac3Config, FlacConfig, G711Config, Mp3Config, OpusConfig {
    /** The codec as playlists and browsers name it (RFC 6381), such as {@code mp4a.40.2}. */
    String codecString();

    /** Samples per second and channel that are coded, Hz. */
    int sampleRate();

    /** How many channels are coded. */
    int channels();

    /** Samples per second and channel that leave the decoder, Hz. */
    default int outputSampleRate() {
        return sampleRate();
    }

    /** How many channels leave the decoder. */
    default int outputChannels() {
        return channels();
    }

    /** The profile's usual name, such as {@code HE-AAC}; empty when the codec has none. */
    default String profileName() {
        return "";
    }

    /**
     * Writes the decoder configuration: what stands in the codec's box of an MP4 file, without the box header; for AAC the
     * AudioSpecificConfig, which stands within the {@code esds} box. Nothing for codecs whose frames say all.
     */
    void write(ByteBuf out);
}
