package xiu.codec;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;
import xiu.codec.audio.Ac3Header;

/**
 * AC-3, from the headers of its frames; there is no sequence header.
 *
 * @param header of a frame
 */
public record Ac3Config(Ac3Header header) implements AudioConfig {
    /**
     * Of a frame.
     *
     * @param frame borrowed; the indices stay
     * @throws MalformedDataException when this is no AC-3 frame
     */
    public static Ac3Config of(ByteBuf frame) {
        return new Ac3Config(Ac3Header.parse(frame));
    }

    /**
     * Writes the content of a {@code dac3} box (ETSI TS 102 366 §F.4): fscod 2, bsid 5, bsmod 3, acmod 3, lfeon 1,
     * bit_rate_code 5, 0 5.
     */
    @Override
    public void write(ByteBuf out) {
        int bits = header.rateCode();
        bits = bits << 5 | header.streamId();
        bits = bits << 3 | header.streamMode();
        bits = bits << 3 | header.audioMode();
        bits = bits << 1 | (header.lowFrequency() ? 1 : 0);
        bits = bits << 5 | header.frameSizeCode() >> 1;
        out.writeMedium(bits << 5);
    }

    @Override
    public int sampleRate() {
        return header.sampleRate();
    }

    @Override
    public int channels() {
        return header.channels();
    }

    @Override
    public String codecName() {
        return "ac3";
    }

    @Override
    public String codecString() {
        return "ac-3";
    }
}
