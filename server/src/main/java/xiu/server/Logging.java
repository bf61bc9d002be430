package xiu.server;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;
import xiu.server.settings.LogSettings;
import xiu.transport.StartException;

/**
 * Configures logback, which finds this class as a service and therefore never searches for a file. All lines pass
 * through a bounded queue, so that a slow disk or terminal never stops an event loop: when the queue is nearly full,
 * lines below WARN are dropped, when it is full, all.
 */
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String CONSOLE = "console";
    private static final int QUEUE = 8_192;
    private static final int KEPT_FOR_WARNINGS = 1_024;
    private static final int FLUSH_MILLIS = 1_000;

    /** Called by logback when the first logger is asked for. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        install(context, console(context), LogSettings.Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Logs as configured here from now on.
     *
     * @throws StartException when the log files cannot be written
     */
    static void apply(LogSettings settings) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        LogSettings.Files file = settings.file();
        if (file.enabled()) {
            requireWritable(file.path());
        }
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (!file.enabled() && root.getAppender(CONSOLE) != null) {
            setLevel(context, settings.level());
            return;
        }
        OutputStreamAppender<ILoggingEvent> target = file.enabled() ? files(context, file) : console(context);
        root.detachAndStopAllAppenders();
        install(context, target, settings.level());
    }

    /** Logs at this level from now on. */
    static void level(LogSettings.Level level) {
        setLevel((LoggerContext) LoggerFactory.getILoggerFactory(), level);
    }

    /** Writes what is queued and closes the files. */
    static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static void install(
            LoggerContext context, OutputStreamAppender<ILoggingEvent> target, LogSettings.Level level) {
        LineLayout layout = new LineLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        target.setEncoder(encoder);
        target.start();
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setName(target.getName());
        queue.setQueueSize(QUEUE);
        queue.setDiscardingThreshold(KEPT_FOR_WARNINGS);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(FLUSH_MILLIS);
        queue.addAppender(target);
        queue.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(queue);
        setLevel(context, level);
    }

    private static void setLevel(LoggerContext context, LogSettings.Level level) {
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(level.name()));
        // Netty logs far too much at DEBUG.
        context.getLogger("io.netty").setLevel(level == LogSettings.Level.ERROR ? Level.ERROR : Level.WARN);
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName(CONSOLE);
        return console;
    }

    private static RollingFileAppender<ILoggingEvent> files(LoggerContext context, LogSettings.Files settings) {
        RollingFileAppender<ILoggingEvent> files = new RollingFileAppender<>();
        files.setContext(context);
        files.setName("file");
        TimeBasedRollingPolicy<ILoggingEvent> policy = new TimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(files);
        policy.setFileNamePattern(settings.path()
                .resolve("xiu.%d{" + settings.rotate().stamp() + "}.log")
                .toString());
        policy.setMaxHistory(settings.keep());
        policy.setTotalSizeCap(new FileSize(settings.maxSize()));
        policy.start();
        files.setRollingPolicy(policy);
        return files;
    }

    private static void requireWritable(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "xiu", ".tmp"));
        } catch (IOException e) {
            throw new StartException("log.file.path: cannot write to " + folder + ": " + e);
        }
    }
}
