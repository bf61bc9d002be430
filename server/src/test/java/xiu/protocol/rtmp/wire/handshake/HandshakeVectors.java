package xiu.protocol.rtmp.wire.handshake;

import io.netty.buffer.ByteBufUtil;

/** Handshake packets that were not made by the code under test. */
final class HandshakeVectors {
    private HandshakeVectors() {}

    /** A pattern with the version 9.0.124.2, signed with Python's hmac and hashlib. */
    static byte[] digestFirst() {
        byte[] c1 = new byte[1536];
        for (int i = 0; i < c1.length; i++) {
            c1[i] = (byte) (i * 7 + 3);
        }
        System.arraycopy(new byte[] {0, 0, 0, 0, 9, 0, 124, 2}, 0, c1, 0, 8);
        byte[] digest = ByteBufUtil.decodeHexDump("612af37c38c4a1b74e5737fc4021ded17ed92a9431c19bc665cf421131bad8a6");
        System.arraycopy(digest, 0, c1, 290, digest.length);
        return c1;
    }
}
