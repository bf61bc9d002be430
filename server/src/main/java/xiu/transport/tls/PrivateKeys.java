package xiu.transport.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/** Reads private keys in each of the three forms that tools write, and finds out whether they belong to a certificate. */
final class PrivateKeys {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;

    private PrivateKeys() {}

    /**
     * The key of a file, which must be that of a certificate; blocks the thread.
     *
     * @param owner the public key of the certificate
     * @throws BadCertificateException when it cannot be read, or is another one's
     */
    static PrivateKey read(Path file, PublicKey owner) throws BadCertificateException {
        try {
            for (PemFile.Block block : PemFile.read(file)) {
                switch (block.label()) {
                    case "ENCRYPTED PRIVATE KEY" ->
                        throw BadCertificateException.key(file, "is encrypted (expected: a key without a passphrase)");
                    case "PRIVATE KEY" -> {
                        return fitting(file, block.der(), owner);
                    }
                    case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                        return fitting(file, pkcs8(block.der(), owner), owner);
                    }
                    default -> {
                        // Parameters of curves stand in front of some keys.
                    }
                }
            }
        } catch (IOException e) {
            throw BadCertificateException.key(file, String.valueOf(e.getMessage()));
        }
        throw BadCertificateException.key(file, "holds no private key (expected: PEM form)");
    }

    private static PrivateKey fitting(Path file, byte[] pkcs8, PublicKey owner) throws BadCertificateException {
        try {
            PrivateKey key =
                    KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (belong(key, owner)) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            // Of another kind than the certificate's, encrypted in the old way, or damaged.
        }
        throw BadCertificateException.key(
                file, "is not the key of the certificate (expected: its " + owner.getAlgorithm() + " key)");
    }

    /** What one signs, the other must verify. */
    private static boolean belong(PrivateKey key, PublicKey owner) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(signatureOf(owner.getAlgorithm()));
        byte[] text = new byte[32];
        new SecureRandom().nextBytes(text);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(owner);
        signature.update(text);
        return signature.verify(signed);
    }

    private static String signatureOf(String algorithm) {
        return switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> algorithm;
        };
    }

    /**
     * PKCS#8 (RFC 5208 §5) around a key in the form of its algorithm: that of RSA (PKCS#1) or of elliptic curves (RFC 5915).
     * What names the algorithm, and the curve, is the same as in the certificate.
     */
    private static byte[] pkcs8(byte[] key, PublicKey owner) throws IOException {
        byte[] version = {INTEGER, 1, 0};
        byte[] algorithm = firstElement(owner.getEncoded());
        byte[] octets = element(OCTETS, key);
        return element(
                SEQUENCE,
                ByteBuffer.allocate(version.length + algorithm.length + octets.length)
                        .put(version)
                        .put(algorithm)
                        .put(octets)
                        .array());
    }

    /** The first element inside a sequence, with its tag and length. */
    private static byte[] firstElement(byte[] sequence) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(sequence);
        in.get();
        length(in);
        int start = in.position();
        in.get();
        int size = length(in);
        byte[] element = new byte[in.position() - start + size];
        in.position(start);
        in.get(element);
        return element;
    }

    /** X.690 §8.1.3. */
    private static int length(ByteBuffer in) throws IOException {
        int first = in.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = first & 0x7f; i > 0; i--) {
            length = length << 8 | in.get() & 0xff;
        }
        if (length < 0 || length > in.remaining()) {
            throw new IOException("belongs to a certificate whose key is damaged");
        }
        return length;
    }

    private static byte[] element(int tag, byte[] content) {
        ByteBuffer out = ByteBuffer.allocate(content.length + 6);
        out.put((byte) tag);
        if (content.length < 0x80) {
            out.put((byte) content.length);
        } else {
            out.put((byte) 0x84).putInt(content.length);
        }
        out.put(content).flip();
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }
}
