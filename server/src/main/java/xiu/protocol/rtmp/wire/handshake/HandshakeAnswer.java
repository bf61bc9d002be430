package xiu.protocol.rtmp.wire.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import xiu.protocol.rtmp.wire.handshake.HandshakeDigest.End;
import xiu.protocol.rtmp.wire.handshake.HandshakeDigest.Schema;

/** What a server answers to C0 and C1 (RTMP 1.0 §5.2): an echo, or signatures where C1 is signed. */
final class HandshakeAnswer {
    /** The only version of RTMP in use. */
    static final int VERSION = 3;

    private HandshakeAnswer() {}

    /** S0, S1 and S2 for the C1 in {@code packet}, which is borrowed. */
    static ByteBuf to(byte[] packet) {
        byte[] s1 = new byte[HandshakeDigest.BYTES];
        ThreadLocalRandom.current().nextBytes(s1);
        byte[] s2 = packet;
        // A simple C1 has four zero bytes where others have their version.
        boolean versioned = (packet[4] | packet[5] | packet[6] | packet[7]) != 0;
        Schema schema = versioned ? HandshakeDigest.verify(packet, End.CLIENT) : null;
        writeTime(s1);
        if (schema == null) {
            Arrays.fill(s1, 4, 8, (byte) 0);
        } else {
            writeVersion(s1);
            HandshakeDigest.sign(s1, schema, End.SERVER);
            s2 = new byte[HandshakeDigest.BYTES];
            ThreadLocalRandom.current().nextBytes(s2);
            HandshakeDigest.signAnswer(s2, packet, schema, End.SERVER);
        }
        // S2 is copied, because it may be the array that C2 is read into.
        return Unpooled.copiedBuffer(new byte[] {VERSION}, s1, s2);
    }

    private static void writeTime(byte[] s1) {
        int now = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        Unpooled.wrappedBuffer(s1).setInt(0, now);
    }

    /** The version of the servers that sign like this: 3.5.1.1. */
    private static void writeVersion(byte[] s1) {
        s1[4] = 3;
        s1[5] = 5;
        s1[6] = 1;
        s1[7] = 1;
    }
}
