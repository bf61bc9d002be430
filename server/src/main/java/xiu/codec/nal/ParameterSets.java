package xiu.codec.nal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;

/**
 * The parameter sets of a video track that are valid at the moment: those of its sequence header, replaced by newer
 * ones that came among the pictures. A set replaces the one of its kind and number (H.264 §7.4.1.2.1). Immutable; the
 * buffers are read-only, on the heap, never released.
 */
public final class ParameterSets {
    /** As many bytes as a sequence header may have, so that a peer cannot make the sets grow. */
    private static final int MOST_BYTES = 64 << 10;

    private final NalSyntax syntax;
    /** By kind: VPS, SPS, PPS, so that none comes before the one it refers to. */
    private final List<Entry> entries;

    private final List<ByteBuf> units;
    private final int bytes;

    private record Entry(int type, int number, ByteBuf unit) {
        private boolean takesPlaceOf(Entry older) {
            return type == older.type && number == older.number;
        }
    }

    private ParameterSets(NalSyntax syntax, List<Entry> entries) {
        this.syntax = syntax;
        this.entries = entries;
        this.units = entries.stream().map(Entry::unit).toList();
        this.bytes = units.stream().mapToInt(ByteBuf::readableBytes).sum();
    }

    /** Those of a sequence header: VPS, SPS and PPS in this order, without start codes. */
    public static ParameterSets of(NalSyntax syntax, List<ByteBuf> sets) {
        List<Entry> entries = new ArrayList<>();
        for (ByteBuf set : sets) {
            if (set.isReadable()) {
                int type = syntax.type(set, set.readerIndex());
                entries.add(new Entry(type, ParameterSetReader.number(syntax, set), set));
            }
        }
        return new ParameterSets(syntax, List.copyOf(entries));
    }

    /** What the types of units mean. */
    public NalSyntax syntax() {
        return syntax;
    }

    /** VPS, SPS and PPS, without start codes. */
    public List<ByteBuf> units() {
        return units;
    }

    /** How many bytes the units have, each with a prefix of this length. */
    public int bytes(int prefix) {
        return bytes + prefix * units.size();
    }

    /**
     * These sets with another one in place of that of its kind and number.
     *
     * @param sample borrowed; the set is copied
     * @param index where the parameter set begins, at its header
     * @return this object when the set is known already
     * @throws MalformedDataException when it makes the sets larger than any sequence header
     */
    public ParameterSets with(ByteBuf sample, int index, int length) {
        int type = syntax.type(sample, index);
        for (Entry entry : entries) {
            ByteBuf known = entry.unit;
            if (entry.type == type
                    && known.readableBytes() == length
                    && ByteBufUtil.equals(known, known.readerIndex(), sample, index, length)) {
                return this;
            }
        }
        if (bytes + length > MOST_BYTES) {
            throw MalformedDataException.of("parameter sets", bytes + length + " bytes", "at most " + MOST_BYTES);
        }
        byte[] copy = ByteBufUtil.getBytes(sample, index, length, true);
        ByteBuf unit = Unpooled.wrappedBuffer(copy).asReadOnly();
        return with(new Entry(type, ParameterSetReader.number(syntax, unit), unit));
    }

    private ParameterSets with(Entry newer) {
        List<Entry> changed = new ArrayList<>(entries);
        int place = 0;
        while (place < changed.size() && !newer.takesPlaceOf(changed.get(place))) {
            place++;
        }
        if (place < changed.size()) {
            changed.set(place, newer);
        } else {
            place = 0;
            while (place < changed.size() && changed.get(place).type <= newer.type) {
                place++;
            }
            changed.add(place, newer);
        }
        return new ParameterSets(syntax, List.copyOf(changed));
    }

    /**
     * The sequence parameter set that a slice refers to. Where it changes, the size of the pictures may change.
     *
     * @param sample borrowed
     * @param index where the slice begins, at its header
     * @return null when it is not among these sets
     */
    public @Nullable ByteBuf sequenceOf(ByteBuf sample, int index, int length) {
        ByteBuf slice = sample.duplicate().setIndex(index, index + length);
        int picture = ParameterSetReader.pictureSetOf(syntax, slice);
        for (Entry entry : entries) {
            if (syntax.isPictureSet(entry.type) && entry.number == picture) {
                return sequence(ParameterSetReader.sequenceOf(syntax, entry.unit));
            }
        }
        return null;
    }

    private @Nullable ByteBuf sequence(int number) {
        for (Entry entry : entries) {
            if (syntax.isSequenceSet(entry.type) && entry.number == number) {
                return entry.unit;
            }
        }
        return null;
    }

    /** All sequence parameter sets. */
    public List<ByteBuf> sequences() {
        return entries.stream()
                .filter(entry -> syntax.isSequenceSet(entry.type))
                .map(Entry::unit)
                .toList();
    }
}
