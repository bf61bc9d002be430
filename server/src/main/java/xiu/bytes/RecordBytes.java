package xiu.bytes;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** Bounded reading of a record of whole bytes; every length is checked before anything is copied. */
public final class RecordBytes {
    private final String what;
    private final ByteBuf bytes;

    /**
     * Reads a duplicate, so that the given buffer's indices do not change.
     *
     * @param what the record's name in messages
     * @param bytes borrowed
     */
    public RecordBytes(String what, ByteBuf bytes) {
        this.what = what;
        this.bytes = bytes.duplicate();
    }

    /** The next byte. */
    public int uint8() {
        require(1);
        return bytes.readUnsignedByte();
    }

    /** The next two bytes, most significant first. */
    public int uint16() {
        require(2);
        return bytes.readUnsignedShort();
    }

    /** The next four bytes, most significant first; the first bit is the sign. */
    public int int32() {
        require(4);
        return bytes.readInt();
    }

    /** Skips this many bytes. */
    public void skip(int count) {
        require(count);
        bytes.skipBytes(count);
    }

    /** How many bytes are left. */
    public int remaining() {
        return bytes.readableBytes();
    }

    /** This many byte strings, each preceded by its length in 16 bits. */
    public List<ByteBuf> parameterSets(int count) {
        List<ByteBuf> sets = new ArrayList<>(Math.min(count, 32));
        for (int i = 0; i < count; i++) {
            sets.add(copy(uint16()));
        }
        return List.copyOf(sets);
    }

    /** Everything that is left. */
    public ByteBuf rest() {
        return copy(bytes.readableBytes());
    }

    /** A read-only copy of the next bytes on the heap, which nobody has to release. */
    public ByteBuf copy(int length) {
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
