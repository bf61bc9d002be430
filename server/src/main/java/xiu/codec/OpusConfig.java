package xiu.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import xiu.bytes.MalformedDataException;
import xiu.bytes.RecordBytes;

/**
 * Opus, by its identification header (RFC 7845 §5.1), which Enhanced RTMP carries. The {@code dOps} box of MP4 has the same
 * fields behind its version; its numbers are big endian, those of the header little endian.
 *
 * <pre>
 * "OpusHead" | version 8 (1; 0 in the box)
 * channels 8 | pre-skip 16 | input sample rate 32 | gain 16 | mapping family 8
 * unless the family is 0: streams 8 | coupled streams 8 | a stream's channel 8 for each channel
 * </pre>
 *
 * @param channels 1 to 255
 * @param preSkip samples at 48 kHz that the decoder makes first and that are not played
 * @param inputSampleRate what the encoder was given, Hz; a remark, the decoder always makes 48,000
 * @param gain what the decoder's volume is changed by, in steps of 1/256 dB
 * @param mappingFamily how channels are laid out; 0: mono or stereo
 * @param mapping streams, coupled streams and the channels' places; empty for family 0. Read-only, on the heap
 */
public record OpusConfig(int channels, int preSkip, long inputSampleRate, int gain, int mappingFamily, ByteBuf mapping)
        implements AudioConfig {
    /** What a decoder makes, Hz. */
    public static final int SAMPLE_RATE = 48_000;

    private static final String MAGIC = "OpusHead";

    /** Two channels in one stream, for sources that carry no header. */
    public static OpusConfig of(int channels) {
        return new OpusConfig(channels, 0, SAMPLE_RATE, 0, 0, Unpooled.EMPTY_BUFFER);
    }

    /**
     * Reads an identification header.
     *
     * @param header its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or no such header
     */
    public static OpusConfig parse(ByteBuf header) {
        RecordBytes in = new RecordBytes("Opus header", header);
        for (int i = 0; i < MAGIC.length(); i++) {
            int character = in.uint8();
            if (character != MAGIC.charAt(i)) {
                throw MalformedDataException.of("Opus header", "byte " + i + " is " + character, MAGIC);
            }
        }
        int version = in.uint8();
        if (version >> 4 != 0) {
            throw MalformedDataException.of("Opus header version", version, "at most 15");
        }
        int channels = in.uint8();
        int preSkip = Short.toUnsignedInt(Short.reverseBytes((short) in.uint16()));
        long inputSampleRate = Integer.toUnsignedLong(Integer.reverseBytes(in.int32()));
        int gain = Short.reverseBytes((short) in.uint16());
        return new OpusConfig(channels, preSkip, inputSampleRate, gain, 0, Unpooled.EMPTY_BUFFER).mapped(in);
    }

    /** The same with the mapping that follows. */
    private OpusConfig mapped(RecordBytes in) {
        int family = in.uint8();
        if (channels == 0 || family == 0 && channels > 2) {
            throw MalformedDataException.of("Opus channels", channels, "1 or 2, or a mapping");
        }
        ByteBuf places = family == 0 ? Unpooled.EMPTY_BUFFER : in.copy(2 + channels);
        return new OpusConfig(channels, preSkip, inputSampleRate, gain, family, places);
    }

    /** Writes the identification header. */
    public void writeHeader(ByteBuf out) {
        out.writeCharSequence(MAGIC, StandardCharsets.US_ASCII);
        out.writeByte(1).writeByte(channels).writeShortLE(preSkip).writeIntLE((int) inputSampleRate);
        out.writeShortLE(gain).writeByte(mappingFamily);
        out.writeBytes(mapping, mapping.readerIndex(), mapping.readableBytes());
    }

    /** Writes the content of a {@code dOps} box (Encapsulation of Opus in ISO Base Media File Format §4.3.2). */
    @Override
    public void write(ByteBuf out) {
        out.writeByte(0).writeByte(channels).writeShort(preSkip).writeInt((int) inputSampleRate);
        out.writeShort(gain).writeByte(mappingFamily);
        out.writeBytes(mapping, mapping.readerIndex(), mapping.readableBytes());
    }

    @Override
    public int sampleRate() {
        return SAMPLE_RATE;
    }

    @Override
    public String codecName() {
        return "opus";
    }

    @Override
    public String codecString() {
        return "opus";
    }
}
