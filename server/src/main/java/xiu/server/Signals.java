package xiu.server;

import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * Signals of the operating system: SIGTERM and Ctrl-C end the server, SIGHUP reloads its file. Ending is not left to a
 * shutdown hook, after which the JVM would exit with 143 or 130, although the server ended normally. A second signal to
 * end ends the process at once.
 */
final class Signals {
    private final BlockingDeque<Wish> wishes = new LinkedBlockingDeque<>();
    private final AtomicBoolean ending = new AtomicBoolean();

    private enum Wish {
        RELOAD,
        END
    }

    private Signals() {}

    /** Handles the signals from now on. */
    static Signals install() {
        Signals signals = new Signals();
        Signal.handle(new Signal("TERM"), signals::end);
        Signal.handle(new Signal("INT"), signals::end);
        try {
            Signal.handle(new Signal("HUP"), hangup -> signals.reload());
        } catch (IllegalArgumentException e) {
            // Windows has no such signal.
        }
        return signals;
    }

    private void end(Signal signal) {
        if (!ending.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(128 + signal.getNumber());
        }
        wishes.addFirst(Wish.END);
    }

    /** Several signals in a row are one reload, since only what the file contains when it is read matters. */
    private void reload() {
        if (!wishes.contains(Wish.RELOAD)) {
            wishes.addLast(Wish.RELOAD);
        }
    }

    /** Runs {@code reload} on this thread whenever it is asked for; returns when the server is to end. */
    void untilEnd(Runnable reload) throws InterruptedException {
        while (wishes.take() != Wish.END) {
            reload.run();
        }
    }
}
