package xiu.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;
import xiu.codec.audio.AacSampleRates;
import xiu.codec.audio.ProgramConfigElement;

/**
 * The header in front of an AAC frame in MPEG-TS: adts_fixed_header and adts_variable_header (ISO/IEC 14496-3 §1.A.2.2).
 *
 * @param objectType 1 to 4
 * @param sampleRate Hz
 * @param channelConfiguration 0 to 7
 * @param headerBytes 7, or 9 with a checksum
 * @param frameBytes header and frame together
 */
public record AdtsHeader(int objectType, int sampleRate, int channelConfiguration, int headerBytes, int frameBytes) {
    /** How long the header itself is. */
    public static final int BYTES = 7;
    /** No loudspeaker layout makes {@link #write} add more to a frame. */
    public static final int MOST_BYTES = BYTES + ProgramConfigElement.MOST_BYTES;
    /** The longest frame that fits the 13-bit length field. */
    public static final int MAX_FRAME = (1 << 13) - 1 - BYTES;

    private static final int SYNC_WORD = 0xFFF;

    /**
     * Reads the header at the reader index.
     *
     * @param bytes borrowed
     * @throws MalformedDataException when there is none, or it is cut short
     */
    public static AdtsHeader parse(ByteBuf bytes) {
        BitReader in = BitReader.of(bytes);
        int sync = in.bits(12);
        if (sync != SYNC_WORD) {
            throw MalformedDataException.of("ADTS sync word", Integer.toHexString(sync), "fff");
        }
        in.skip(1); // ID
        int layer = in.bits(2);
        if (layer != 0) {
            throw MalformedDataException.of("ADTS layer", layer, "0");
        }
        boolean noChecksum = in.flag();
        int objectType = in.bits(2) + 1;
        int sampleRate = AacSampleRates.rate(in.bits(4));
        in.skip(1); // private_bit
        int channelConfiguration = in.bits(3);
        in.skip(4); // original_copy, home, copyright bit and start
        int frameBytes = in.bits(13);
        int headerBytes = noChecksum ? BYTES : BYTES + 2;
        in.skip(13); // adts_buffer_fullness, number_of_raw_data_blocks_in_frame
        if (frameBytes < headerBytes) {
            throw MalformedDataException.of("ADTS frame length", frameBytes, "at least " + headerBytes);
        }
        return new AdtsHeader(objectType, sampleRate, channelConfiguration, headerBytes, frameBytes);
    }

    /**
     * Writes what stands in front of a frame of this many bytes: the 7 bytes of the header, without a checksum, and where
     * the header has no number for the loudspeaker layout (channel configuration 0) the program config element. With that
     * the raw data block begins, so the element counts as a part of the frame (ISO/IEC 14496-3 §1.A.3.2.1).
     *
     * @param config one that {@link AacConfig#fitsAdts}
     * @param frame at most {@link #MAX_FRAME} bytes, the element included
     */
    public static void write(AacConfig config, int frame, ByteBuf out) {
        int rateIndex = AacSampleRates.index(config.sampleRate());
        if (!config.fitsAdts()) {
            throw new IllegalArgumentException("AAC configuration: " + config + " (expected: one that fits ADTS)");
        }
        ByteBuf layout = config.layout() == null
                ? Unpooled.EMPTY_BUFFER
                : config.layout().element();
        int block = layout.readableBytes() + frame;
        if (frame < 0 || block > MAX_FRAME) {
            throw MalformedDataException.of("AAC frame", block + " bytes", "at most " + MAX_FRAME);
        }
        int length = BYTES + block;
        int channels = config.channelConfiguration();
        out.writeShort(SYNC_WORD << 4 | 1); // MPEG-4, layer 0, no checksum
        out.writeByte(config.objectType() - 1 << 6 | rateIndex << 2 | channels >> 2);
        out.writeByte((channels & 3) << 6 | length >> 11);
        out.writeByte(length >> 3);
        out.writeByte((length & 7) << 5 | 0x1F); // buffer fullness 0x7FF: variable bit rate
        out.writeByte(0xFC);
        out.writeBytes(layout, layout.readerIndex(), layout.readableBytes());
    }
}
