package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts {@link TsUnits} into packets of 188 bytes (ISO/IEC 13818-1 §2.4.3.2).
 *
 * <pre>
 * sync 0x47 | error, start, priority, PID (13) | scrambling (2), adaptation, payload, counter (4) | adaptation field | payload
 * </pre>
 *
 * The adaptation field stands in a unit's first packet when it has flags or a clock to carry, and in its last one to
 * fill the packet up. Works in arrays: without the second compiler, calls of a buffer for every few bytes are not
 * inlined far.
 */
final class TsPacketCutter {
    static final int PACKET = 188;

    private static final int HEADER = 4;
    private static final int ROOM = PACKET - HEADER;
    private static final int BATCH = 64;
    private static final int SYNC = 0x47;
    private static final int UNIT_START = 0x4000;
    private static final int HAS_PAYLOAD = 0x10;
    private static final int HAS_ADAPTATION = 0x20;

    private final byte[] copy = new byte[TsUnits.CHUNK];
    private final byte[] sample = new byte[TsUnits.CHUNK];
    private final byte[] packets = new byte[BATCH * PACKET];
    private ByteBuf out = Unpooled.EMPTY_BUFFER;
    private byte[] units = copy;
    private int at;

    // The unit that is being cut, and the room left in its open packet.
    private long pcr;
    private int left;
    private int pid;
    private int counter;
    private int flags;
    private int start;
    private int room;

    /** Writes to {@code newOut} from now on, which has room for all packets. */
    TsPacketCutter to(ByteBuf newOut) {
        out = newOut;
        return this;
    }

    /** How many packets a unit of this many bytes needs, when its first one has an adaptation field of this length. */
    static int packets(int bytes, int adaptation) {
        int more = bytes - (ROOM - adaptation);
        return more <= 0 ? 1 : 1 + (more + ROOM - 1) / ROOM;
    }

    /**
     * Cuts a chunk of units, which may end within a unit; the next chunk continues it. Borrows the chunk, and what it
     * refers to.
     */
    void cut(ByteBuf chunk, List<ByteBuf> sources) {
        int end = chunk.readableBytes();
        chunk.getBytes(chunk.readerIndex(), copy, 0, end);
        cut(copy, end, sources);
    }

    /** The same of a chunk that is an array; borrows it. */
    void cut(byte[] chunk, int end, List<ByteBuf> sources) {
        units = chunk;
        int from = 0;
        while (from < end) {
            if (left == 0) {
                begin(from);
                from += TsUnits.RECORD;
                continue;
            }
            int bytes = word(from);
            if (bytes > 0) {
                payload(units, from + TsPieces.HEAD, bytes);
                from += TsPieces.HEAD + bytes;
            } else {
                sample(sources.get(word(from + 4)), word(from + 8), -bytes);
                from += TsPieces.REFERENCE;
            }
        }
    }

    /** Writes the packets that are complete. */
    void flush() {
        out.writeBytes(packets, 0, at);
        at = 0;
    }

    private void begin(int from) {
        pcr = (long) word(from) << 32 | word(from + 4) & 0xFFFF_FFFFL;
        left = word(from + 8);
        pid = (units[from + 12] & 0xFF) << 8 | units[from + 13] & 0xFF;
        counter = units[from + 14];
        flags = units[from + 15] & 0xFF;
        start = UNIT_START;
        if (left == 0) {
            start = 0;
            header(HAS_ADAPTATION, ROOM);
        }
    }

    private int word(int from) {
        return units[from] << 24
                | (units[from + 1] & 0xFF) << 16
                | (units[from + 2] & 0xFF) << 8
                | units[from + 3] & 0xFF;
    }

    private void sample(ByteBuf source, int index, int bytes) {
        int end = index + bytes;
        for (int from = index; from < end; from += sample.length) {
            int step = Math.min(end - from, sample.length);
            source.getBytes(from, sample, 0, step);
            payload(sample, 0, step);
        }
    }

    private void payload(byte[] bytes, int from, int length) {
        int end = from + length;
        int next = from;
        while (next < end) {
            if (room == 0) {
                int field = Math.max(TsMark.bytes(flags), ROOM - left);
                header(HAS_PAYLOAD | (field > 0 ? HAS_ADAPTATION : 0), field);
                room = ROOM - Math.max(field, 0);
                counter++;
            }
            int step = Math.min(end - next, room);
            System.arraycopy(bytes, next, packets, at, step);
            at += step;
            next += step;
            room -= step;
            left -= step;
        }
    }

    /** Begins a packet with an adaptation field of this length, if that is positive. */
    private void header(int holds, int field) {
        if (at == packets.length) {
            flush();
        }
        packets[at] = SYNC;
        packets[at + 1] = (byte) ((start | pid) >> 8);
        packets[at + 2] = (byte) pid;
        packets[at + 3] = (byte) (holds | counter & 15);
        at += HEADER;
        if (field > 0) {
            adaptation(field);
        }
        start = 0;
        flags = 0;
    }

    /** §2.4.3.4; {@code bytes} counts the length byte. One byte alone is a field of length 0. */
    private void adaptation(int bytes) {
        int end = at + bytes;
        packets[at++] = (byte) (bytes - 1);
        if (bytes > 1) {
            packets[at++] = (byte) flags;
            if (TsMark.bytes(flags) > 2) {
                int base = (int) (pcr >> 1);
                packets[at++] = (byte) (base >> 24);
                packets[at++] = (byte) (base >> 16);
                packets[at++] = (byte) (base >> 8);
                packets[at++] = (byte) base;
                packets[at++] = (byte) ((int) (pcr & 1) << 7 | 0x7E);
                packets[at++] = 0;
            }
            Arrays.fill(packets, at, end, (byte) 0xFF);
        }
        at = end;
    }
}
