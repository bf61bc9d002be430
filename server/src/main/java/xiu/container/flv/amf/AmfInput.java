package xiu.container.flv.amf;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import xiu.bytes.LimitExceededException;
import xiu.bytes.MalformedDataException;

/** AMF bytes to read, with the limits for the values of a peer. */
final class AmfInput {
    private static final int VALUE_WEIGHT = 16;

    private final ByteBuf bytes;
    private final AmfLimits limits;
    private int depth;
    private long weight;

    AmfInput(ByteBuf bytes, AmfLimits limits) {
        this.bytes = bytes;
        this.limits = limits;
    }

    /** Must be called before each value. */
    void enter() {
        depth++;
        if (depth > limits.depth()) {
            throw LimitExceededException.of("rtmp_amf_depth", "AMF nesting", depth, limits.depth());
        }
        weigh(VALUE_WEIGHT);
    }

    /** Must be called after each value. */
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
        if (length > limits.stringBytes()) {
            throw LimitExceededException.of("rtmp_amf_string_bytes", "AMF string", length, limits.stringBytes());
        }
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

    /** Counts the cost of a value that was read before and is used once more. */
    void weigh(long more) {
        weight += more;
        if (weight > limits.bytes()) {
            throw LimitExceededException.of("rtmp_amf_bytes", "AMF weight", weight, limits.bytes());
        }
    }

    /** The complex values read so far, to which later ones may refer. */
    final class References {
        private final List<Reference> seen = new ArrayList<>();

        /** Reserves the next number for a value that begins here. */
        Reference begin() {
            Reference reference = new Reference(weight);
            seen.add(reference);
            return reference;
        }

        /** The value of this number; undefined while it is being read, so that values are always trees. */
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
