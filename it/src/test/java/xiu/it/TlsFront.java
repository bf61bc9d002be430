package xiu.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** TLS before a server that has none of its own. The certificate, made for the test, names 127.0.0.1 and nothing else. */
final class TlsFront implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Path certificate;
    private final int target;
    private final SSLServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private TlsFront(int target) throws IOException, GeneralSecurityException {
        this.target = target;
        Path folder = Workspace.temporary("tls");
        Path keys = folder.resolve("keys.p12");
        certificate = folder.resolve("certificate.pem");
        keytool(
                keys,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=front",
                "-validity",
                "2",
                "-ext",
                "san=ip:127.0.0.1");
        keytool(keys, "-exportcert", "-rfc", "-file", certificate.toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::takeAll);
    }

    static TlsFront before(XiuProcess server) {
        try {
            return new TlsFront(server.port("rtmp"));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("TLS: cannot be set up", e);
        }
    }

    private static void keytool(Path keys, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "front", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", keys.toString()));
        ExternalProcess.run(TIMEOUT, command);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** In PEM form; nobody but itself has signed it. */
    Path certificate() {
        return certificate;
    }

    private void takeAll() {
        try {
            while (true) {
                SSLSocket outside = (SSLSocket) listener.accept();
                sockets.add(outside);
                Thread.startVirtualThread(() -> serve(outside));
            }
        } catch (IOException e) {
            // Closed by the test.
        }
    }

    private void serve(SSLSocket outside) {
        try {
            outside.startHandshake();
            Socket inside = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(inside);
            Thread.startVirtualThread(() -> carry(inside, outside));
            carry(outside, inside);
        } catch (IOException e) {
            closeQuietly(outside);
        }
    }

    private static void carry(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side may end it.
        } finally {
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is all that was wanted.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(TlsFront::closeQuietly);
    }
}
