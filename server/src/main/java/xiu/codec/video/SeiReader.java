package xiu.codec.video;

import io.netty.buffer.ByteBuf;

/**
 * Reads the messages of one SEI unit (ITU-T H.264 §7.3.2.3.1, H.265 §7.3.5). Payload type and size precede each
 * message; both are a row of 0xFF and one smaller byte, to be added up. Of a unit that is cut off, the complete
 * messages are read.
 */
public final class SeiReader {
    private static final int MORE = 0xFF;
    private static final int EMULATION_PREVENTION = 3;

    private final ByteBuf bytes;
    private final int end;
    private int index;
    private int zeros;

    /** The messages between {@code index}, which is behind the unit's header, and {@code end}; borrows the bytes. */
    public SeiReader(ByteBuf bytes, int index, int end) {
        this.bytes = bytes;
        this.index = Math.min(index, end);
        this.end = end;
    }

    /** Whether another message follows. The unit's last byte is its stop bit. */
    public boolean hasNext() {
        return end - index > 1;
    }

    /** The payload type of the next message, which is skipped. */
    public int next() {
        int type = number();
        for (int left = number(); left > 0 && index < end; left--) {
            octet();
        }
        return type;
    }

    private int number() {
        int sum = 0;
        int part = MORE;
        while (part == MORE && index < end) {
            part = octet();
            sum += part;
        }
        return sum;
    }

    private int octet() {
        int value = bytes.getUnsignedByte(index++);
        zeros = value == 0 ? zeros + 1 : 0;
        if (zeros == 2 && index < end && bytes.getByte(index) == EMULATION_PREVENTION) {
            index++;
            zeros = 0;
        }
        return value;
    }
}
