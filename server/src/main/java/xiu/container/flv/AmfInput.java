package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import xiu.bytes.MalformedDataException;

/**
 * Bytes of AMF with the limits that a peer's values are held to: nesting and weight. A value weighs 16 and a string its
 * bytes; a reference weighs as much as what it stands for, so that a few bytes cannot describe a tree of billions.
 */
final class AmfInput {
    static final int MAX_DEPTH = 32;
    static final int MAX_WEIGHT = 4 << 20;

    private static final int VALUE_WEIGHT = 16;

    private final ByteBuf bytes;
    private int depth;
    private long weight;

    AmfInput(ByteBuf bytes) {
        this.bytes = bytes;
    }

    /** Called before each value. */
    void enter() {
        depth++;
        if (depth > MAX_DEPTH) {
            throw MalformedDataException.of("AMF nesting", depth, "at most " + MAX_DEPTH);
        }
        weigh(VALUE_WEIGHT);
    }

    /** Called behind each value. */
    void leave() {
        depth--;
    }

    int remaining() {
        return bytes.readableBytes();
    }

    int peek() {
        require(1);
        return bytes.getUnsignedByte(bytes.readerIndex());
    }

    int uint8() {
        require(1);
        return bytes.readUnsignedByte();
    }

    int uint16() {
        require(2);
        return bytes.readUnsignedShort();
    }

    int int16() {
        require(2);
        return bytes.readShort();
    }

    long uint32() {
        require(4);
        return bytes.readUnsignedInt();
    }

    double float64() {
        require(8);
        return bytes.readDouble();
    }

    String utf8(long length) {
        require(length);
        weigh(length);
        return bytes.readString((int) length, StandardCharsets.UTF_8);
    }

    void skip(long length) {
        require(length);
        bytes.skipBytes((int) length);
    }

    private void require(long count) {
        if (bytes.readableBytes() < count) {
            throw MalformedDataException.of("AMF", bytes.readableBytes() + " bytes left", "at least " + count);
        }
    }

    /** Adds what a value read before costs when it is used once more. */
    void weigh(long more) {
        weight += more;
        if (weight > MAX_WEIGHT) {
            throw MalformedDataException.of("AMF weight", weight, "at most " + MAX_WEIGHT);
        }
    }

    /** The complex values read so far, which later ones may refer to. */
    final class References {
        private final List<Reference> seen = new ArrayList<>();

        /** Reserves the next number for a value that begins here. */
        Reference begin() {
            Reference reference = new Reference(weight);
            seen.add(reference);
            return reference;
        }

        /** The value of this number; undefined inside itself, for values are trees. */
        AmfValue resolve(int number) {
            if (number >= seen.size()) {
                throw MalformedDataException.of("AMF reference", number, "below " + seen.size());
            }
            Reference reference = seen.get(number);
            weigh(reference.size);
            return reference.value;
        }
    }

    /** One number of the table. */
    final class Reference {
        private final long before;
        private AmfValue value = AmfValue.Nothing.UNDEFINED;
        private long size;

        private Reference(long before) {
            this.before = before;
        }

        AmfValue finish(AmfValue finished) {
            value = finished;
            size = weight - before;
            return finished;
        }
    }
}
