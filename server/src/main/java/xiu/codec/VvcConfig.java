package xiu.codec;

import io.netty.buffer.ByteBuf;
import xiu.bytes.BitReader;
import xiu.bytes.MalformedDataException;
import xiu.bytes.RecordBytes;
import xiu.codec.video.VideoFormat;
import xiu.codec.video.VvcRecord;

/**
 * VVC's VvcDecoderConfigurationRecord (ISO/IEC 14496-15 §11.2.4.2), as far as it says what the pictures are like; the
 * parameter sets behind are kept and not read.
 *
 * @param record profile, level and what the pictures are like
 * @param raw the record as received, without version and flags of the box; read-only, on the heap, never released
 */
public record VvcConfig(VvcRecord record, ByteBuf raw) implements VideoConfig {
    private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /**
     * Reads a record, with the version and flags of its box in front or without.
     *
     * @param record its readable bytes; borrowed
     * @throws MalformedDataException when it is cut short or no VVC record
     */
    public static VvcConfig parse(ByteBuf record) {
        RecordBytes in = new RecordBytes("VVC configuration", record);
        // A record begins with five bits of 1, version and flags are all 0.
        if (in.remaining() >= 4 && record.getInt(record.readerIndex()) == 0) {
            in.skip(4);
        }
        ByteBuf raw = in.rest();
        return new VvcConfig(VvcRecord.parse(raw), raw);
    }

    /** Writes the record behind version and flags, as its box has them. */
    @Override
    public void write(ByteBuf out) {
        out.writeInt(0);
        out.writeBytes(raw, raw.readerIndex(), raw.readableBytes());
    }

    @Override
    public VideoFormat format() {
        return record.format();
    }

    @Override
    public String codecName() {
        return "vvc";
    }

    /** The name of ISO/IEC 14496-15 annex E, such as {@code vvc1.1.L51.CQA}. */
    @Override
    public String codecString() {
        String name = "vvc1." + record.profile() + (record.highTier() ? ".H" : ".L") + record.level();
        String text = base32();
        return text.isEmpty() ? name : name + ".C" + text;
    }

    /** RFC 4648 without padding, zero bytes at the end left out. */
    private String base32() {
        ByteBuf constraints = record.constraints();
        int length = constraints.readableBytes();
        while (length > 0 && constraints.getByte(constraints.readerIndex() + length - 1) == 0) {
            length--;
        }
        StringBuilder text = new StringBuilder();
        BitReader in = BitReader.of(constraints);
        for (int left = 8 * length; left > 0; left -= 5) {
            int bits = Math.min(left, 5);
            text.append(BASE_32.charAt(in.bits(bits) << 5 - bits));
        }
        return text.toString();
    }

    @Override
    public String profileName() {
        return switch (record.profile()) {
            case 0 -> "";
            case 1 -> "Main 10";
            case 17 -> "Multilayer Main 10";
            case 33 -> "Main 10 4:4:4";
            case 49 -> "Multilayer Main 10 4:4:4";
            case 65 -> "Main 10 Still Picture";
            case 97 -> "Main 10 4:4:4 Still Picture";
            default -> String.valueOf(record.profile());
        };
    }

    @Override
    public String levelName() {
        int level = record.level();
        return level == 0 ? "" : (level >> 4) + "." + (level & 0xF) / 3;
    }
}
