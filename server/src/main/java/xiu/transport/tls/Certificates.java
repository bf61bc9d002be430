package xiu.transport.tls;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The certificates of this server, and TLS for each protocol that uses them. They can be replaced at any time: later
 * connections get the new ones, and open connections keep theirs. Any thread.
 */
public final class Certificates {
    private final TlsEngine engine;
    private final Supplier<Duration> handshakeTimeout;
    private final TicketKeys tickets;
    private final List<ServerTls> users = new CopyOnWriteArrayList<>();
    private List<ServerCertificate> current;

    /**
     * Certificates in use.
     *
     * @param first at least one
     * @param handshakeTimeout how long a handshake may take
     */
    public Certificates(TlsEngine engine, List<ServerCertificate> first, Supplier<Duration> handshakeTimeout) {
        this.engine = engine;
        this.handshakeTimeout = handshakeTimeout;
        this.current = List.copyOf(first);
        this.tickets = new TicketKeys(System.nanoTime());
    }

    /** Reads and checks all that the settings name; blocks the thread. */
    public static List<ServerCertificate> read(TlsSettings settings, Instant now) throws BadCertificateException {
        List<ServerCertificate> read = new ArrayList<>();
        for (CertificateFiles files : settings.all()) {
            read.add(ServerCertificate.read(files, now));
        }
        return read;
    }

    /**
     * TLS for one protocol.
     *
     * @param protocols the protocols inside, in order of preference (ALPN); none where there is no choice
     */
    public synchronized ServerTls speaking(String... protocols) {
        List<String> names = List.of(protocols);
        ServerTls tls = new ServerTls(names, handshakeTimeout, contexts(names));
        users.add(tls);
        return tls;
    }

    /** The certificates in use. */
    public synchronized List<ServerCertificate> current() {
        return current;
    }

    /** New connections get these from now on; at least one. */
    public synchronized void replace(List<ServerCertificate> next) {
        current = List.copyOf(next);
        for (ServerTls tls : users) {
            tls.replace(contexts(tls.protocols()));
        }
    }

    /**
     * Makes a new key for session tickets when it is time.
     *
     * @param now ns of {@link System#nanoTime()}
     */
    synchronized void rotateTickets(long now) {
        if (tickets.rotate(now)) {
            replace(current);
        }
    }

    private ServerNames<SslContext> contexts(List<String> protocols) {
        return new ServerNames<>(current, certificate -> engine.server(certificate, protocols, tickets));
    }
}
