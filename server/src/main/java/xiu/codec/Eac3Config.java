package xiu.codec;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;
import xiu.codec.audio.Eac3Header;

/**
 * E-AC-3, from the headers of a sample's frames; there is no sequence header.
 *
 * @param header of the independent substream
 * @param bitrate kbit/s of all substreams together
 * @param dependents how many substreams add channels
 * @param places which channels they add: chan_loc of the {@code dec3} box
 */
public record Eac3Config(Eac3Header header, int bitrate, int dependents, int places) implements AudioConfig {
    /** Bits of chan_loc that stand for one channel (Cs, Ts, Cvh, LFE2); the others stand for two. */
    private static final int SINGLE_PLACES = 0b1_1000_1100;
    /** chanmap has L, C, R, Ls and Rs in its first five bits, which no dependent substream adds to the places. */
    private static final int FIRST_PLACE = 5;

    private static final int PLACES = 9;
    private static final int LAST_MAP_BIT = 15;
    private static final int MAX_DEPENDENTS = 8;
    private static final int LFE_2 = 14;

    /**
     * Of a sample: the frames of the first program.
     *
     * @param sample borrowed; the indices stay
     * @throws MalformedDataException when it does not begin with an independent substream of E-AC-3
     */
    public static Eac3Config of(ByteBuf sample) {
        Eac3Header first = Eac3Header.parse(sample);
        if (first.dependent()) {
            throw MalformedDataException.of("E-AC-3 substream", "dependent", "an independent one first");
        }
        int bitrate = first.bitrate();
        int dependents = 0;
        int places = 0;
        ByteBuf rest = sample.duplicate();
        int frameBytes = first.frameBytes();
        while (rest.readableBytes() > frameBytes && dependents < MAX_DEPENDENTS) {
            rest.skipBytes(frameBytes);
            Eac3Header next = Eac3Header.parse(rest);
            if (!next.dependent()) {
                break;
            }
            dependents++;
            bitrate += next.bitrate();
            places |= places(next.channelMap());
            frameBytes = next.frameBytes();
        }
        return new Eac3Config(first, bitrate, dependents, places);
    }

    /** chanmap's bits in the order of chan_loc, whose lowest bit is the first (ETSI TS 102 366 §F.6.2.13). */
    private static int places(int channelMap) {
        int places = 0;
        for (int place = 0; place < PLACES; place++) {
            int bit = place == PLACES - 1 ? LFE_2 : FIRST_PLACE + place;
            places |= (channelMap >> LAST_MAP_BIT - bit & 1) << place;
        }
        return places;
    }

    /**
     * Writes the content of a {@code dec3} box (ETSI TS 102 366 §F.6): data_rate 13, num_ind_sub 3, then of the only
     * independent substream fscod 2, bsid 5, 0 1, asvc 1, bsmod 3, acmod 3, lfeon 1, 0 3, num_dep_sub 4, and chan_loc 9
     * or 0 1.
     */
    @Override
    public void write(ByteBuf out) {
        out.writeShort(bitrate << 3);
        out.writeByte(header.rateCode() << 6 | header.streamId() << 1);
        out.writeByte(header.audioMode() << 1 | (header.lowFrequency() ? 1 : 0));
        if (dependents == 0) {
            out.writeByte(0);
        } else {
            out.writeByte(dependents << 1 | places >> 8).writeByte(places);
        }
    }

    @Override
    public int sampleRate() {
        return header.sampleRate();
    }

    @Override
    public int channels() {
        int added = 2 * Integer.bitCount(places & ~SINGLE_PLACES) + Integer.bitCount(places & SINGLE_PLACES);
        return header.channels() + added;
    }

    @Override
    public String codecName() {
        return "eac3";
    }

    @Override
    public String codecString() {
        return "ec-3";
    }
}
