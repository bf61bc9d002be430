package xiu.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import xiu.bytes.MalformedDataException;

/** Bounded reading of decoder configuration records; every length is checked before anything is copied. */
final class ConfigBytes {
    private final String what;
    private final ByteBuf bytes;

    /** Reads a duplicate, so the given buffer's indices stay. */
    ConfigBytes(String what, ByteBuf bytes) {
        this.what = what;
        this.bytes = bytes.duplicate();
    }

    int uint8() {
        require(1);
        return bytes.readUnsignedByte();
    }

    int uint16() {
        require(2);
        return bytes.readUnsignedShort();
    }

    void skip(int count) {
        require(count);
        bytes.skipBytes(count);
    }

    /** Parameter sets, each behind a 16-bit length. */
    List<ByteBuf> parameterSets(int count) {
        List<ByteBuf> sets = new ArrayList<>(Math.min(count, 32));
        for (int i = 0; i < count; i++) {
            sets.add(copy(uint16()));
        }
        return List.copyOf(sets);
    }

    ByteBuf rest() {
        return copy(bytes.readableBytes());
    }

    /** A heap copy that belongs to the garbage collector: nobody releases it. */
    private ByteBuf copy(int length) {
        require(length);
        byte[] copy = ByteBufUtil.getBytes(bytes, bytes.readerIndex(), length, true);
        bytes.skipBytes(length);
        return Unpooled.wrappedBuffer(copy).asReadOnly();
    }

    private void require(int count) {
        if (bytes.readableBytes() < count) {
            throw MalformedDataException.of(what, bytes.readableBytes() + " bytes left", "at least " + count);
        }
    }
}
