package xiu.codec;

import io.netty.buffer.ByteBuf;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;
import xiu.bytes.RecordBytes;

/**
 * FLAC, by its STREAMINFO (RFC 9639 §8.2).
 *
 * @param sampleRate Hz
 * @param channels 1 to 8
 * @param bitDepth bits of a sample, 4 to 32
 * @param streamInfo the 34 bytes as received; read-only, on the heap, never released
 */
public record FlacConfig(int sampleRate, int channels, int bitDepth, ByteBuf streamInfo) implements AudioConfig {
    private static final int BYTES = 34;
    private static final int MARKER = 'f' << 24 | 'L' << 16 | 'a' << 8 | 'C';
    /** The header of the only metadata block: it is the last, of type 0, with 34 bytes. */
    private static final int LAST_STREAM_INFO = 0x80 << 24 | BYTES;

    private static final int BLOCK_SIZES_AND_FRAME_SIZES = 2 * 16 + 2 * 24;

    /**
     * Reads the beginning of a FLAC stream: its marker and the first metadata block, the block alone, or only what is in
     * it, as ffmpeg sends it.
     *
     * @param header its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or no STREAMINFO
     */
    public static FlacConfig parse(ByteBuf header) {
        RecordBytes in = new RecordBytes("FLAC stream info", header);
        int at = header.readerIndex();
        if (in.remaining() > BYTES + 4 && header.getInt(at) == MARKER) {
            in.skip(4);
        }
        if (in.remaining() > BYTES) {
            int type = in.uint8() & 0x7F;
            int length = in.uint8() << 16 | in.uint16();
            if (type != 0 || length != BYTES) {
                throw MalformedDataException.of("FLAC metadata block", type + ", " + length + " bytes", "STREAMINFO");
            }
        }
        ByteBuf info = in.copy(BYTES);
        BitReader bits = BitReader.of(info);
        bits.skip(BLOCK_SIZES_AND_FRAME_SIZES);
        int sampleRate = bits.bits(20);
        int channels = 1 + bits.bits(3);
        int bitDepth = 1 + bits.bits(5);
        if (sampleRate == 0 || bitDepth < 4) {
            throw MalformedDataException.of("FLAC samples", sampleRate + " Hz, " + bitDepth + " bits", "1 Hz, 4 bits");
        }
        return new FlacConfig(sampleRate, channels, bitDepth, info);
    }

    /** Writes the beginning of a FLAC stream: its marker and the metadata block, as Enhanced RTMP carries them. */
    public void writeStream(ByteBuf out) {
        out.writeInt(MARKER).writeInt(LAST_STREAM_INFO);
        out.writeBytes(streamInfo, streamInfo.readerIndex(), BYTES);
    }

    /** Writes the content of a {@code dfLa} box (Encapsulation of FLAC in ISO Base Media File Format §3.3.2). */
    @Override
    public void write(ByteBuf out) {
        out.writeInt(0).writeInt(LAST_STREAM_INFO);
        out.writeBytes(streamInfo, streamInfo.readerIndex(), BYTES);
    }

    @Override
    public String codecName() {
        return "flac";
    }

    @Override
    public String codecString() {
        return "fLaC";
    }
}
