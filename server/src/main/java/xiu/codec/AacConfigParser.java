package xiu.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;
import xiu.codec.audio.AacSampleRates;
import xiu.codec.audio.ProgramConfigElement;

/** Reads one AudioSpecificConfig; used once. */
final class AacConfigParser {
    private static final int SBR = 5;
    private static final int PS = 29;
    private static final int ELD = 39;
    private static final int EXPLICIT_RATE = 15;
    private static final int SBR_SYNC = 0x2B7;
    private static final int PS_SYNC = 0x548;
    private static final int[] CHANNELS = {0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8, 0};

    private final ByteBuf raw;
    private final BitReader in;
    private boolean sbr;
    private boolean ps;
    private int extensionRate;
    private @Nullable ProgramConfigElement layout;

    /** Keeps the buffer as the configuration's raw bytes. */
    AacConfigParser(ByteBuf raw) {
        this.raw = raw.asReadOnly();
        this.in = BitReader.of(raw);
    }

    /** ISO/IEC 14496-3 table 1.15. */
    AacConfig parse() {
        int objectType = objectType();
        int sampleRate = sampleRate();
        int channelConfiguration = in.bits(4);
        if (objectType == SBR || objectType == PS) {
            sbr = true;
            ps = objectType == PS;
            extensionRate = sampleRate();
            objectType = objectType();
        }
        int channels = CHANNELS[channelConfiguration];
        int samplesPerFrame = 1024;
        if (objectType == ELD) {
            samplesPerFrame = in.flag() ? 480 : 512;
        } else if (isGeneralAudio(objectType)) {
            boolean shortFrames = in.flag();
            samplesPerFrame = objectType == 23 ? shortFrames ? 480 : 512 : shortFrames ? 960 : 1024;
            channels = generalAudio(objectType, channelConfiguration, channels);
            syncExtension(sampleRate);
        }
        if (channels == 0 && (channelConfiguration != 0 || isGeneralAudio(objectType))) {
            throw MalformedDataException.of("AAC channel configuration", channelConfiguration, "1 to 7, 11 to 14");
        }
        AacConfig.Extension extension = new AacConfig.Extension(sbr, ps, sbr ? extensionRate : sampleRate);
        return new AacConfig(
                objectType, sampleRate, channelConfiguration, channels, layout, samplesPerFrame, extension, raw);
    }

    private int objectType() {
        int type = in.bits(5);
        type = type == 31 ? 32 + in.bits(6) : type;
        if (type == 0) {
            throw MalformedDataException.of("AAC object type", 0, "1 or more");
        }
        return type;
    }

    private int sampleRate() {
        int index = in.bits(4);
        int rate = index == EXPLICIT_RATE ? in.bits(24) : AacSampleRates.rate(index);
        if (rate == 0) {
            throw MalformedDataException.of("AAC sample rate", 0, "more than 0");
        }
        return rate;
    }

    private static boolean isGeneralAudio(int objectType) {
        return switch (objectType) {
            case 1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23 -> true;
            default -> false;
        };
    }

    /** GASpecificConfig, table 4.1, behind its first bit; returns the number of channels. */
    private int generalAudio(int objectType, int channelConfiguration, int channels) {
        if (in.flag()) {
            in.skip(14); // coreCoderDelay
        }
        boolean extension = in.flag();
        int counted = channels;
        if (channelConfiguration == 0) {
            ProgramConfigElement element = ProgramConfigElement.read(in);
            layout = element;
            counted = element.channels();
        }
        if (objectType == 6 || objectType == 20) {
            in.skip(3); // layerNr
        }
        if (extension) {
            if (objectType == 22) {
                in.skip(16); // numOfSubFrame, layer_length
            } else if (objectType == 17 || objectType == 19 || objectType == 20 || objectType == 23) {
                in.skip(3); // resilience flags
            }
            in.skip(1); // extensionFlag3
        }
        if (objectType >= 17 && in.remaining() >= 2) {
            in.skip(2); // epConfig, of the error resilient types
        }
        return counted;
    }

    /** The backward-compatible signalling of SBR and PS behind the core's configuration, which old decoders skip. */
    private void syncExtension(int sampleRate) {
        if (sbr || in.remaining() < 16 || in.bits(11) != SBR_SYNC || objectType() != SBR || !in.flag()) {
            return;
        }
        sbr = true;
        extensionRate = in.remaining() < 4 ? 2 * sampleRate : sampleRate();
        ps = in.remaining() >= 12 && in.bits(11) == PS_SYNC && in.flag();
    }
}
