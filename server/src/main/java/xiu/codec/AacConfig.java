package xiu.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;
import xiu.codec.audio.AacSampleRates;
import xiu.codec.audio.ProgramConfigElement;

/**
 * AAC's AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1).
 *
 * @param objectType the audio object type of the core: 2 is AAC-LC, also below SBR and PS
 * @param sampleRate of the core, Hz
 * @param channelConfiguration 1 to 7 and 11 to 14 name a loudspeaker layout; 0: the layout stands in the configuration
 * @param channels how many channels the core has
 * @param layout the loudspeaker layout of channel configuration 0; null with any other
 * @param samplesPerFrame samples of the core per frame and channel: 1024, 960, 512 or 480
 * @param extension spectral band replication, when it is signalled
 * @param raw the configuration as received; read-only, on the heap, never released
 */
public record AacConfig(
        int objectType,
        int sampleRate,
        int channelConfiguration,
        int channels,
        @Nullable ProgramConfigElement layout,
        int samplesPerFrame,
        Extension extension,
        ByteBuf raw)
        implements AudioConfig {
    private static final int SBR = 5;
    private static final int PS = 29;

    /**
     * What high-efficiency AAC adds to the core.
     *
     * @param sbr spectral band replication is signalled
     * @param ps parametric stereo is signalled: one coded channel, two heard
     * @param sampleRate of the output, Hz
     */
    public record Extension(boolean sbr, boolean ps, int sampleRate) {}

    /** AAC-LC without extensions, for sources that carry no AudioSpecificConfig. */
    public static AacConfig lowComplexity(int sampleRate, int channelConfiguration) {
        int index = AacSampleRates.index(sampleRate);
        if (index < 0) {
            throw MalformedDataException.of("AAC sample rate", sampleRate, "one of the 13 of ISO/IEC 14496-3");
        }
        int bits = 2 << 11 | index << 7 | channelConfiguration << 3;
        return parse(Unpooled.wrappedBuffer(new byte[] {(byte) (bits >> 8), (byte) bits}));
    }

    /**
     * Reads a configuration.
     *
     * @param config its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or makes no sense
     */
    public static AacConfig parse(ByteBuf config) {
        byte[] raw = ByteBufUtil.getBytes(config, config.readerIndex(), config.readableBytes(), true);
        return new AacConfigParser(Unpooled.wrappedBuffer(raw)).parse();
    }

    /** Writes the AudioSpecificConfig as it was received. */
    @Override
    public void write(ByteBuf out) {
        out.writeBytes(raw, raw.readerIndex(), raw.readableBytes());
    }

    /** What leaves the decoder, Hz: twice the core's rate when SBR is signalled. */
    @Override
    public int outputSampleRate() {
        return extension.sbr ? extension.sampleRate : sampleRate;
    }

    /** Two when PS is signalled, which makes stereo of one coded channel. */
    @Override
    public int outputChannels() {
        return extension.ps ? 2 : channels;
    }

    /** Duration of a frame, µs, rounded down. */
    public long frameDuration() {
        return samplesPerFrame * 1_000_000L / sampleRate;
    }

    /** Whether ADTS has fields for this configuration, so that MPEG-TS can carry it in ADTS frames. */
    public boolean fitsAdts() {
        return objectType >= 1
                && objectType <= 4
                && (layout != null || channelConfiguration >= 1)
                && channelConfiguration <= 7
                && samplesPerFrame == 1024
                && AacSampleRates.index(sampleRate) >= 0;
    }

    @Override
    public String codecName() {
        return "aac";
    }

    @Override
    public String codecString() {
        return "mp4a.40." + signalledType();
    }

    /** ISO/IEC 14496-3 table 1.17. */
    @Override
    public String profileName() {
        return switch (signalledType()) {
            case 1 -> "Main";
            case 2 -> "LC";
            case 3 -> "SSR";
            case 4 -> "LTP";
            case SBR -> "HE-AAC";
            case 23 -> "LD";
            case PS -> "HE-AACv2";
            case 39 -> "ELD";
            case 42 -> "xHE-AAC";
            default -> String.valueOf(signalledType());
        };
    }

    /** The audio object type with its extension. */
    private int signalledType() {
        return extension.ps ? PS : extension.sbr ? SBR : objectType;
    }
}
