package xiu.codec;

import io.netty.buffer.ByteBuf;

/**
 * G.711: telephone speech, a byte for each sample.
 *
 * @param law how a byte stands for a sample
 * @param sampleRate Hz; 8,000 in FLV
 * @param channels 1 or 2
 */
public record G711Config(Law law, int sampleRate, int channels) implements AudioConfig {
    /** How a byte stands for a sample (ITU-T G.711). */
    public enum Law {
        /** Europe and most of the world. */
        A_LAW("pcma", "alaw"),
        /** North America and Japan. */
        MU_LAW("pcmu", "ulaw");

        private final String codecName;
        private final String sampleEntry;

        Law(String codecName, String sampleEntry) {
            this.codecName = codecName;
            this.sampleEntry = sampleEntry;
        }
    }

    @Override
    public String codecName() {
        return law.codecName;
    }

    @Override
    public String codecString() {
        return law.sampleEntry;
    }

    @Override
    public void write(ByteBuf out) {
        // Its samples need nothing.
    }
}
