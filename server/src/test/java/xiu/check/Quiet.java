package xiu.check;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * Listens to a logger: a handler that swallows an exception logs it with its trace, and that is the only way to know.
 * Nothing that a peer sends may come to that.
 */
public final class Quiet extends AppenderBase<ILoggingEvent> {
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    /** Listens to this logger and all below it, for as long as the process lasts. */
    public static Quiet at(String name) {
        Quiet quiet = new Quiet();
        Logger logger = (Logger) LoggerFactory.getLogger(name);
        quiet.setContext(logger.getLoggerContext());
        quiet.start();
        logger.addAppender(quiet);
        if (Boolean.getBoolean("xiu.fuzzing")) {
            // What peers do wrong, a million times over, is not worth its lines.
            logger.setLevel(Level.WARN);
            logger.setAdditive(false);
        }
        return quiet;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN) && event.getThrowableProxy() != null) {
            faults.add(event.getFormattedMessage() + " "
                    + event.getThrowableProxy().getClassName() + ": "
                    + event.getThrowableProxy().getMessage());
        }
    }

    /** Throws when an exception was logged since the last call. */
    public void check() {
        String fault = faults.poll();
        if (fault != null) {
            faults.clear();
            throw new AssertionError("logged: " + fault);
        }
    }
}
