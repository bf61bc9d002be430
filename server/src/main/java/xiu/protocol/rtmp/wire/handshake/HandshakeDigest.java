package xiu.protocol.rtmp.wire.handshake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The signatures of the digest handshake, which Flash players and the libraries that imitate them use. It is not in the
 * specification: C1 and S1 hold an HMAC-SHA256 of themselves at a place that four of their bytes choose, and C2 and S2
 * end with an HMAC whose key is the HMAC of the other side's digest.
 */
final class HandshakeDigest {
    /** Length of C1, S1, C2 and S2. */
    static final int BYTES = 1536;
    /** Length of a digest. */
    static final int DIGEST = 32;

    private static final byte[] TAIL =
            HexFormat.of().parseHex("f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae");

    /** The two ends, each with its key. */
    enum End {
        CLIENT("Genuine Adobe Flash Player 001"),
        SERVER("Genuine Adobe Flash Media Server 001");

        private final byte[] shortKey;
        private final byte[] fullKey;

        End(String text) {
            shortKey = text.getBytes(StandardCharsets.US_ASCII);
            fullKey = Arrays.copyOf(shortKey, shortKey.length + TAIL.length);
            System.arraycopy(TAIL, 0, fullKey, shortKey.length, TAIL.length);
        }
    }

    /** Where in C1 and S1 the digest is: the four bytes at {@code pointer} say how far after them. */
    enum Schema {
        KEY_FIRST(772),
        DIGEST_FIRST(8);

        private static final int SPAN = 764 - 4 - DIGEST;

        private final int pointer;

        Schema(int pointer) {
            this.pointer = pointer;
        }

        int digestAt(byte[] packet) {
            int sum = 0;
            for (int i = 0; i < 4; i++) {
                sum += packet[pointer + i] & 0xFF;
            }
            return pointer + 4 + sum % SPAN;
        }
    }

    private HandshakeDigest() {}

    /** The schema by which {@code packet} is signed, or null when it is not. */
    static @Nullable Schema verify(byte[] packet, End by) {
        for (Schema schema : Schema.values()) {
            int at = schema.digestAt(packet);
            if (Arrays.equals(digest(packet, at, by), Arrays.copyOfRange(packet, at, at + DIGEST))) {
                return schema;
            }
        }
        return null;
    }

    /** Puts the digest into a C1 or S1. */
    static void sign(byte[] packet, Schema schema, End by) {
        int at = schema.digestAt(packet);
        System.arraycopy(digest(packet, at, by), 0, packet, at, DIGEST);
    }

    /** Puts the signature into the last bytes of a C2 or S2 that answers {@code request}. */
    static void signAnswer(byte[] answer, byte[] request, Schema schema, End by) {
        int at = schema.digestAt(request);
        byte[] key = hmac(by.fullKey, request, at, DIGEST);
        byte[] signature = hmac(key, answer, 0, BYTES - DIGEST);
        System.arraycopy(signature, 0, answer, BYTES - DIGEST, DIGEST);
    }

    private static byte[] digest(byte[] packet, int at, End by) {
        byte[] rest = new byte[BYTES - DIGEST];
        System.arraycopy(packet, 0, rest, 0, at);
        System.arraycopy(packet, at + DIGEST, rest, at, rest.length - at);
        return hmac(by.shortKey, rest, 0, rest.length);
    }

    private static byte[] hmac(byte[] key, byte[] data, int offset, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(data, offset, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
