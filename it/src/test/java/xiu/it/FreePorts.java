package xiu.it;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on which nothing listens, for servers that must know each other's before they start. They are below those that the
 * system gives to whoever asks for any, and each JVM of the tests has some of its own: nobody else gets one meanwhile.
 */
final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int FOR_A_JVM = 3_000;
    private static final int JVMS = 4;

    /** Several builds on one machine begin at different ones. */
    private static int tried = ThreadLocalRandom.current().nextInt(FOR_A_JVM);

    private FreePorts() {}

    /** A port that was not given before. */
    static synchronized int next() {
        int first = FIRST + Integer.getInteger("xiu.test.jvm", 1) % JVMS * FOR_A_JVM;
        for (int i = 0; i < FOR_A_JVM; i++) {
            int port = first + tried++ % FOR_A_JVM;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + first + " on");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
