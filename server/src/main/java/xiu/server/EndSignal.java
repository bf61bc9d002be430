package xiu.server;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * Waits for SIGTERM or Ctrl-C. Not a shutdown hook: after one, the JVM exits with 143 or 130, and the end of a server
 * that was asked to end is a normal end. A second signal ends the process at once.
 */
final class EndSignal {
    private final CountDownLatch asked = new CountDownLatch(1);

    private EndSignal() {}

    /** Handles the signals from now on. */
    static EndSignal install() {
        EndSignal signal = new EndSignal();
        Signal.handle(new Signal("TERM"), signal::received);
        Signal.handle(new Signal("INT"), signal::received);
        return signal;
    }

    private void received(Signal signal) {
        if (asked.getCount() == 0) {
            Runtime.getRuntime().halt(128 + signal.getNumber());
        }
        asked.countDown();
    }

    /** Returns when the server is to end. */
    void await() throws InterruptedException {
        asked.await();
    }
}
