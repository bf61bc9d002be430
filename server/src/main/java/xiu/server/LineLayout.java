package xiu.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code 2026-11-23T08:14:05.123Z INFO  rtmp: event=name key=value}. One event is one line, whatever text of a peer it
 * contains; only the stack of a fault of our own takes more. Not one of logback's patterns, whose parser costs start-up
 * time.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {
    private static final Pattern FAMILY = Pattern.compile("xiu\\.(?:protocol|service)\\.([a-z]+)\\.");

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        appendTime(line, event.getTimeStamp());
        String level = event.getLevel().toString();
        line.append(' ').append(level).append(level.length() == 4 ? "  " : " ");
        line.append(area(event.getLoggerName())).append(": ");
        appendPrintable(line, event.getFormattedMessage());
        line.append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(ThrowableProxyUtil.asString(thrown));
        }
        return line.toString();
    }

    private static void appendTime(StringBuilder line, long millis) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000L), 0, ZoneOffset.UTC);
        line.append(time.getYear());
        appendTwo(line, '-', time.getMonthValue());
        appendTwo(line, '-', time.getDayOfMonth());
        appendTwo(line, 'T', time.getHour());
        appendTwo(line, ':', time.getMinute());
        appendTwo(line, ':', time.getSecond());
        int rest = Math.floorMod(millis, 1000);
        line.append('.')
                .append(rest / 100)
                .append(rest / 10 % 10)
                .append(rest % 10)
                .append('Z');
    }

    private static void appendTwo(StringBuilder line, char before, int number) {
        line.append(before).append(number / 10).append(number % 10);
    }

    /**
     * The name that a line begins with: the protocol or service of one of our own loggers, or else its last package;
     * for loggers of libraries the whole name.
     */
    private static String area(String logger) {
        Matcher family = FAMILY.matcher(logger);
        if (family.lookingAt()) {
            return family.group(1);
        }
        if (!logger.startsWith("xiu.")) {
            return logger;
        }
        int end = logger.lastIndexOf('.');
        return end < 4 ? logger.substring(4) : logger.substring(logger.lastIndexOf('.', end - 1) + 1, end);
    }

    private static void appendPrintable(StringBuilder line, String message) {
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            line.append(Character.isISOControl(c) ? '?' : c);
        }
    }
}
