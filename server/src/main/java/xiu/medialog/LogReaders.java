package xiu.medialog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import xiu.media.WireFormat;

/**
 * The readers of a stream's ready bytes. A format is in use from its first reader until some seconds after its last one
 * has left: players come back, and filling a log again costs more than keeping it for a moment. Any thread.
 */
public final class LogReaders {
    /** How many formats chosen by single players a stream has at a time. */
    static final int MOST_UNCOMMON = 8;
    /** How often logs without readers are checked, s. The second check that finds no reader gives a log back. */
    private static final int CHECK_SECONDS = 3;

    private final Object guard;
    private final StreamLog log;
    private final ScheduledExecutorService timer;
    private final Function<String, RuntimeException> refusal;

    // Guarded by guard.
    private final Map<WireFormat, Use> uses = new HashMap<>();
    private @Nullable Future<?> nextCheck;
    private boolean over;

    /** A format that is in use. */
    private static final class Use {
        private int readers;
        private boolean seenUnread;
    }

    /**
     * Without readers.
     *
     * @param guard the monitor that guards {@code log}
     * @param refusal makes the exception that {@link #open} throws from the limit that is exceeded
     */
    public LogReaders(
            Object guard, StreamLog log, ScheduledExecutorService timer, Function<String, RuntimeException> refusal) {
        this.guard = guard;
        this.log = log;
        this.timer = timer;
        this.refusal = refusal;
    }

    /** The ready bytes in a format for one more reader, which calls {@link #leave} in the end. */
    public ByteLog open(WireFormat format) {
        synchronized (guard) {
            Use use = uses.get(format);
            if (use == null) {
                if (format.isUncommon() && !makeRoom()) {
                    throw refusal.apply("formats: more than " + MOST_UNCOMMON + " uncommon ones are being read");
                }
                use = new Use();
            }
            // Before the reader is counted: when this throws, nobody would call leave.
            ByteLog opened = log.activate(format);
            uses.put(format, use);
            use.readers++;
            use.seenUnread = false;
            return opened;
        }
    }

    /** Whether there is room for an uncommon format, perhaps in place of one that has no readers. */
    private boolean makeRoom() {
        List<WireFormat> uncommon = new ArrayList<>();
        uses.forEach((format, use) -> {
            if (format.isUncommon()) {
                uncommon.add(format);
            }
        });
        if (uncommon.size() < MOST_UNCOMMON) {
            return true;
        }
        for (WireFormat format : uncommon) {
            Use use = uses.get(format);
            if (use != null && use.readers == 0) {
                drop(format);
                return true;
            }
        }
        return false;
    }

    private void drop(WireFormat format) {
        uses.remove(format);
        log.deactivate(format);
    }

    /** One reader of {@code left} has finished. */
    public void leave(ByteLog left) {
        synchronized (guard) {
            Use use = uses.get(left.format());
            if (use != null && --use.readers == 0) {
                lookLater();
            }
        }
    }

    private void lookLater() {
        if (!over && nextCheck == null) {
            nextCheck = timer.schedule(this::check, CHECK_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void check() {
        synchronized (guard) {
            nextCheck = null;
            for (WireFormat format : List.copyOf(uses.keySet())) {
                Use use = uses.get(format);
                if (use == null || use.readers > 0) {
                    continue;
                }
                if (use.seenUnread) {
                    drop(format);
                } else {
                    use.seenUnread = true;
                    lookLater();
                }
            }
        }
    }

    /** How many formats are in use. */
    public int formats() {
        synchronized (guard) {
            return uses.size();
        }
    }

    /** The stream has ended: all logs are given back together when the last reader has left. */
    public void end() {
        synchronized (guard) {
            over = true;
            log.flush();
            if (nextCheck != null) {
                nextCheck.cancel(false);
                nextCheck = null;
            }
        }
    }
}
