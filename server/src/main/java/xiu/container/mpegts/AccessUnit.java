package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.codec.AvcConfig;
import xiu.codec.HevcConfig;
import xiu.codec.nal.NalSyntax;
import xiu.codec.nal.ParameterSets;
import xiu.codec.video.HevcSei;
import xiu.codec.video.NalUnits;

/**
 * Turns the samples of one video track into access units of a byte stream (H.264 and H.265 annex B). Each begins with a
 * delimiter. Where a decoder may begin, the parameter sets follow, and the SEI of the configuration, which are about
 * the whole stream (ISO/IEC 14496-15 §8.3.3.1.2). Parameter sets and SEI that come without a picture are kept for the
 * next one. A sample is first measured, then written, directly from its buffer.
 */
final class AccessUnit {
    private static final byte[] LONG_START = {0, 0, 0, 1};
    private static final byte[] SHORT_START = {0, 0, 1};
    /** An access unit delimiter after which any kind of slice may follow. */
    private static final byte[] AVC_DELIMITER = {0, 0, 0, 1, 9, (byte) 0xF0};

    private static final byte[] HEVC_DELIMITER = {0, 0, 0, 1, 0x46, 1, 0x50};

    /** SEI that wait for a picture; more than this many bytes are dropped. */
    private static final int MOST_WAITING_BYTES = 64 << 10;

    private static final int MOST_WAITING = 32;

    private final NalSyntax syntax;
    private final int nalLengthSize;
    private final List<ByteBuf> sei;
    private final BitSet seiInside = new BitSet();
    private final List<ByteBuf> seiToAdd = new ArrayList<>();
    private final List<ByteBuf> waiting = new ArrayList<>();
    private ParameterSets inForce;
    /**
     * Parameter sets have come that no picture has been written with: the next one has them in front, whatever it is.
     */
    private boolean due = true;

    // Of the sample that was measured last.
    private ParameterSets inFront;
    private boolean withSets;

    private AccessUnit(NalSyntax syntax, int nalLengthSize, ParameterSets sets, List<ByteBuf> sei) {
        this.syntax = syntax;
        this.nalLengthSize = nalLengthSize;
        this.inForce = sets;
        this.inFront = sets;
        this.sei = sei;
    }

    static AccessUnit of(AvcConfig config) {
        return new AccessUnit(NalSyntax.AVC, config.nalLengthSize(), config.parameterSets(), List.of());
    }

    static AccessUnit of(HevcConfig config) {
        return new AccessUnit(NalSyntax.HEVC, config.nalLengthSize(), config.parameterSets(), config.sei());
    }

    /** Takes over the SEI that came without a picture before the configuration changed. */
    AccessUnit after(@Nullable AccessUnit previous) {
        if (previous != null) {
            waiting.addAll(previous.waiting);
        }
        return this;
    }

    /**
     * Reads a sample that will not be written: its parameter sets are valid for those that follow.
     *
     * @throws xiu.bytes.MalformedDataException when its lengths do not add up
     */
    void omit(ByteBuf sample) {
        waiting.clear();
        measure(sample, false);
        due = true;
        waiting.clear();
    }

    /**
     * How many bytes {@link #write} will write of this sample; 0 when it contains no coded picture; then its parameter
     * sets and SEI are kept.
     *
     * @param entry a decoder may begin here
     * @throws xiu.bytes.MalformedDataException when its lengths do not add up
     */
    int measure(ByteBuf sample, boolean entry) {
        NalUnits units = new NalUnits(sample, nalLengthSize);
        int bytes = 0;
        int leading = 0;
        boolean picture = false;
        ParameterSets before = inForce;
        ParameterSets sets = inForce;
        inFront = sets;
        seiInside.clear();
        while (units.next()) {
            int type = syntax.type(units);
            int length = syntax.isDelimiter(type) ? 0 : startCode(type).length + units.length();
            bytes += length;
            if (syntax.isParameterSet(type)) {
                sets = sets.with(sample, units.index(), units.length());
                leading += picture ? 0 : length;
            } else if (syntax.isSei(type)) {
                note(sample, units.index(), units.length());
            } else if (syntax.isPicture(type) && !picture) {
                picture = true;
                inFront = sets;
            }
        }
        inForce = sets;
        if (!picture) {
            due |= sets != before;
            keepSei(sample);
            return 0;
        }
        withSets = entry || due;
        due = false;
        bytes += delimiter().length + measureWaiting();
        return withSets ? bytes - leading + inFront.bytes(LONG_START.length) + measureSei() : bytes;
    }

    private void note(ByteBuf unit, int index, int length) {
        if (!sei.isEmpty()) {
            HevcSei.addTypes(unit, index, length, seiInside);
        }
    }

    /** Keeps those of a sample without a picture. */
    private void keepSei(ByteBuf sample) {
        int room = MOST_WAITING_BYTES
                - waiting.stream().mapToInt(ByteBuf::readableBytes).sum();
        NalUnits units = new NalUnits(sample, nalLengthSize);
        while (units.next()) {
            if (syntax.isSei(syntax.type(units)) && units.length() <= room && waiting.size() < MOST_WAITING) {
                waiting.add(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(sample, units.index(), units.length(), true)));
                room -= units.length();
            }
        }
    }

    private int measureWaiting() {
        int bytes = 0;
        for (ByteBuf unit : waiting) {
            note(unit, unit.readerIndex(), unit.readableBytes());
            bytes += LONG_START.length + unit.readableBytes();
        }
        return bytes;
    }

    /** Measures the SEI of the configuration whose types are not among those of the picture, which are newer. */
    private int measureSei() {
        seiToAdd.clear();
        int bytes = 0;
        for (ByteBuf unit : sei) {
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

    /** Writes the sample that was measured last; borrows it. {@code out} may hold the buffer that the sample is in. */
    void write(ByteBuf sample, TsUnits out) {
        whole(delimiter(), out);
        if (withSets) {
            inFront.units().forEach(set -> unit(set, out));
            seiToAdd.forEach(unit -> unit(unit, out));
        }
        waiting.forEach(unit -> unit(unit, out));
        waiting.clear();
        boolean picture = false;
        NalUnits units = new NalUnits(sample, nalLengthSize);
        while (units.next()) {
            int type = syntax.type(units);
            picture |= syntax.isPicture(type);
            // Sets in front of the picture have been written; sets behind it are for the next one.
            boolean written = withSets && !picture && syntax.isParameterSet(type);
            if (!written && !syntax.isDelimiter(type)) {
                whole(startCode(type), out);
                out.refer(sample, units.index(), units.length());
            }
        }
    }

    private byte[] delimiter() {
        return syntax == NalSyntax.HEVC ? HEVC_DELIMITER : AVC_DELIMITER;
    }

    /** Parameter sets must have the long form (H.264 §B.1.2). */
    private byte[] startCode(int type) {
        return syntax.isParameterSet(type) ? LONG_START : SHORT_START;
    }

    private static void unit(ByteBuf unit, TsUnits out) {
        whole(LONG_START, out);
        out.write(unit, unit.readerIndex(), unit.readableBytes());
    }

    private static void whole(byte[] bytes, TsUnits out) {
        out.write(bytes, bytes.length);
    }
}
