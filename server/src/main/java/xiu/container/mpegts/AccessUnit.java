package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import xiu.codec.AvcConfig;
import xiu.codec.HevcConfig;
import xiu.codec.video.HevcSei;
import xiu.codec.video.NalUnits;

/**
 * Turns the samples of one video track into access units of a byte stream (H.264 and H.265 annex B): a delimiter in
 * front of each, the parameter sets in front of each key frame, and behind them the SEI of the configuration, which are
 * about the whole stream (ISO/IEC 14496-15 §8.3.3.1.2). A sample is measured first and written then, straight
 * from where it is.
 */
final class AccessUnit {
    private static final byte[] LONG_START = {0, 0, 0, 1};
    private static final byte[] SHORT_START = {0, 0, 1};
    /** Any kind of slice may follow. */
    private static final byte[] AVC_DELIMITER = {0, 0, 0, 1, 9, (byte) 0xF0};

    private static final byte[] HEVC_DELIMITER = {0, 0, 0, 1, 0x46, 1, 0x50};

    private static final int SEI_PREFIX = 39;

    private final boolean hevc;
    private final int nalLengthSize;
    private final List<ByteBuf> parameterSets;
    private final List<ByteBuf> sei;
    private final BitSet seiInside = new BitSet();
    private final List<ByteBuf> seiToAdd = new ArrayList<>();
    private boolean withSets;

    private AccessUnit(boolean hevc, int nalLengthSize, List<ByteBuf> parameterSets, List<ByteBuf> sei) {
        this.hevc = hevc;
        this.nalLengthSize = nalLengthSize;
        this.parameterSets = parameterSets;
        this.sei = sei;
    }

    static AccessUnit of(AvcConfig config) {
        List<ByteBuf> sets = new ArrayList<>(config.sps());
        sets.addAll(config.pps());
        return new AccessUnit(false, config.nalLengthSize(), sets, List.of());
    }

    static AccessUnit of(HevcConfig config) {
        List<ByteBuf> sets = new ArrayList<>(config.vps());
        sets.addAll(config.sps());
        sets.addAll(config.pps());
        return new AccessUnit(true, config.nalLengthSize(), sets, config.sei());
    }

    /**
     * How many bytes {@link #write} will write of this sample; 0 when it holds no coded picture.
     *
     * @throws xiu.bytes.MalformedDataException when its lengths do not add up
     */
    int measure(ByteBuf sample, boolean keyFrame) {
        NalUnits units = new NalUnits(sample, nalLengthSize);
        int bytes = delimiter().length;
        boolean picture = false;
        int setsInside = 0;
        seiInside.clear();
        while (units.next()) {
            int type = type(units);
            if (!isDelimiter(type)) {
                bytes += startCode(type).length + units.length();
            }
            setsInside |= setBit(type);
            if (keyFrame && !sei.isEmpty() && type == SEI_PREFIX) {
                HevcSei.addTypes(sample, units.index(), units.length(), seiInside);
            }
            picture |= isPicture(type);
        }
        // Sets that come with the picture are newer than those of the configuration; twice is not needed.
        withSets = keyFrame && setsInside != allSets();
        if (withSets) {
            for (ByteBuf set : parameterSets) {
                bytes += LONG_START.length + set.readableBytes();
            }
        }
        return picture ? bytes + measureSei(keyFrame) : 0;
    }

    /** Of the configuration's SEI, those whose messages the sample has not itself: its own are newer. */
    private int measureSei(boolean keyFrame) {
        seiToAdd.clear();
        int bytes = 0;
        for (ByteBuf unit : keyFrame ? sei : List.<ByteBuf>of()) {
            BitSet missing = new BitSet();
            HevcSei.addTypes(unit, unit.readerIndex(), unit.readableBytes(), missing);
            missing.andNot(seiInside);
            if (!missing.isEmpty()) {
                seiToAdd.add(unit);
                bytes += LONG_START.length + unit.readableBytes();
            }
        }
        return bytes;
    }

    /** Writes the sample that was measured last; borrows it, and {@code out} may hold what it lies in. */
    void write(ByteBuf sample, TsUnits out) {
        whole(delimiter(), out);
        if (withSets) {
            parameterSets.forEach(set -> unit(set, out));
        }
        boolean seiAdded = false;
        NalUnits units = new NalUnits(sample, nalLengthSize);
        while (units.next()) {
            int type = type(units);
            if (!isDelimiter(type)) {
                if (!seiAdded && setBit(type) == 0) {
                    seiAdded = true;
                    seiToAdd.forEach(unit -> unit(unit, out));
                }
                whole(startCode(type), out);
                out.refer(sample, units.index(), units.length());
            }
        }
    }

    private byte[] delimiter() {
        return hevc ? HEVC_DELIMITER : AVC_DELIMITER;
    }

    private int type(NalUnits units) {
        return hevc ? units.hevcType() : units.avcType();
    }

    private boolean isDelimiter(int type) {
        return type == (hevc ? 35 : 9);
    }

    private boolean isPicture(int type) {
        return hevc ? type < 32 : type >= 1 && type <= 5;
    }

    /** VPS, SPS and PPS as bits, 0 for everything else. */
    private int setBit(int type) {
        int first = hevc ? 32 : 7;
        int kinds = hevc ? 3 : 2;
        return type >= first && type < first + kinds ? 1 << type - first : 0;
    }

    private int allSets() {
        return hevc ? 0b111 : 0b11;
    }

    /** Parameter sets must have the long form (H.264 §B.1.2). */
    private byte[] startCode(int type) {
        return setBit(type) != 0 ? LONG_START : SHORT_START;
    }

    private static void unit(ByteBuf unit, TsUnits out) {
        whole(LONG_START, out);
        out.write(unit, unit.readerIndex(), unit.readableBytes());
    }

    private static void whole(byte[] bytes, TsUnits out) {
        out.write(bytes, bytes.length);
    }
}
