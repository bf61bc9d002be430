package xiu.transport.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of session tickets (RFC 5077): a client that comes back shows its ticket and saves the longer half of the
 * handshake. All certificates have the same keys, a new one every eight hours; tickets of older keys are accepted for a
 * day. The keys are in memory only. Guarded by the object's monitor.
 */
final class TicketKeys {
    static final Duration LIFE = Duration.ofHours(8);
    private static final int KEPT = 3;

    private final SecureRandom random = new SecureRandom();
    private final List<OpenSslSessionTicketKey> keys = new ArrayList<>();
    private long newestAt;

    /** One key, made now; ns of {@link System#nanoTime()}. */
    TicketKeys(long now) {
        renew(now);
    }

    /** Makes a new key when the newest has been used long enough; returns whether it did. */
    synchronized boolean rotate(long now) {
        if (now - newestAt < LIFE.toNanos()) {
            return false;
        }
        renew(now);
        return true;
    }

    private void renew(long now) {
        byte[] name = bytes(OpenSslSessionTicketKey.NAME_SIZE);
        keys.addFirst(new OpenSslSessionTicketKey(
                name, bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE), bytes(OpenSslSessionTicketKey.AES_KEY_SIZE)));
        if (keys.size() > KEPT) {
            keys.removeLast();
        }
        newestAt = now;
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The newest, with which tickets are made, comes first. */
    synchronized OpenSslSessionTicketKey[] all() {
        return keys.toArray(new OpenSslSessionTicketKey[0]);
    }
}
