package xiu.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TimeBasedFileNamingAndTriggeringPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import xiu.Repository;
import xiu.server.settings.LogSettings;
import xiu.transport.StartException;

class LoggingTest {
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @TempDir
    Path folder;

    @AfterEach
    void logToTheConsoleAgain() {
        Logging.apply(LogSettings.defaults());
    }

    @Test
    void anEventIsOneLineWhateverAPeerPutsIntoIt() {
        LineLayout layout = new LineLayout();
        assertThat(layout.doLayout(event("xiu.protocol.rtmp.Session", Level.INFO, "name=a\r\nb\u001b[31m")))
                .isEqualTo("2026-11-23T08:04:05.007Z INFO  rtmp: name=a??b?[31m\n");
        assertThat(layout.doLayout(event("xiu.protocol.rtmp.server.Session", Level.INFO, "x")))
                .as("the protocol, whatever part of it")
                .isEqualTo("2026-11-23T08:04:05.007Z INFO  rtmp: x\n");
        assertThat(layout.doLayout(event("io.netty.X", Level.ERROR, "x")))
                .isEqualTo("2026-11-23T08:04:05.007Z ERROR io.netty.X: x\n");
    }

    @Test
    void aFaultShowsItsStack() {
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("xiu.stream.X"), Level.WARN, "fault", new IllegalStateException("why"), null);
        assertThat(new LineLayout().doLayout(event))
                .contains("WARN  stream: fault\njava.lang.IllegalStateException: why\n", "\tat ");
    }

    @Test
    void nettyIsQuietAtEveryLevel() {
        Logging.apply(
                new LogSettings(LogSettings.Level.TRACE, LogSettings.defaults().file()));
        assertThat(context.getLogger("xiu.x").isTraceEnabled()).isTrue();
        assertThat(context.getLogger("io.netty.x").isInfoEnabled()).isFalse();
        Logging.apply(
                new LogSettings(LogSettings.Level.WARN, LogSettings.defaults().file()));
        assertThat(context.getLogger("xiu.x").isInfoEnabled()).isFalse();
    }

    @Test
    void writesFilesNamedByTime() throws IOException {
        Path logs = folder.resolve("deep/logs");
        Logging.apply(new LogSettings(
                LogSettings.Level.INFO, new LogSettings.Files(true, LogSettings.Rotation.DAY, logs, 3, 1 << 20)));
        context.getLogger("xiu.server.LoggingTest").info("hello file");
        Logging.apply(LogSettings.defaults());
        try (var files = Files.list(logs)) {
            List<Path> written = files.toList();
            assertThat(written).hasSize(1);
            assertThat(written.getFirst().getFileName().toString()).matches("xiu\\.\\d{4}-\\d\\d-\\d\\d\\.log");
            assertThat(Files.readString(written.getFirst())).endsWith("INFO  server: hello file\n");
        }
    }

    @Test
    void aNewFileBeginsWithTheNextMinute() throws IOException {
        Logging.apply(new LogSettings(
                LogSettings.Level.INFO, new LogSettings.Files(true, LogSettings.Rotation.MINUTE, folder, 3, 1 << 20)));
        Logger log = context.getLogger("xiu.server.LoggingTest");
        log.info("first");
        await().until(() -> written().equals(List.of("first")));
        rotation().setCurrentTime(System.currentTimeMillis() + 60_000);
        log.info("second");
        await().until(() -> written().equals(List.of("first", "second")));
    }

    /** The messages of each file, in order of the files' names. */
    private List<String> written() throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted()
                    .map(Repository::read)
                    .map(text -> text.replaceAll("(?m)^.*: |\n", ""))
                    .toList();
        }
    }

    private TimeBasedFileNamingAndTriggeringPolicy<?> rotation() {
        var queue = (AsyncAppender) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("file");
        var files = (RollingFileAppender<?>) queue.getAppender("file");
        return ((TimeBasedRollingPolicy<?>) files.getRollingPolicy()).getTimeBasedFileNamingAndTriggeringPolicy();
    }

    @Test
    void refusesAFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        LogSettings settings = new LogSettings(
                LogSettings.Level.INFO, new LogSettings.Files(true, LogSettings.Rotation.HOUR, file, 3, 1 << 20));
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> Logging.apply(settings))
                .withMessageStartingWith("log.file.path: cannot write to " + file);
    }

    private LoggingEvent event(String logger, Level level, String message) {
        LoggingEvent event = new LoggingEvent("", context.getLogger(logger), level, message, null, null);
        event.setTimeStamp(1_795_421_045_007L);
        return event;
    }
}
