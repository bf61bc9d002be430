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
 * Who reads the ready bytes of a stream. A format is in use from its first reader on, until some seconds after its last
 * one has left: players come back, and filling a log again costs more than keeping it for a moment. Any thread.
 */
public final class LogReaders {
    /** Of the formats that single players choose a stream has so many at a time. */
    static final int MOST_UNCOMMON = 8;
    /** Between two looks at logs without readers, s. The second one that finds nobody gives a log back. */
    private static final int LOOK_SECONDS = 3;

    private final Object guard;
    private final StreamLog log;
    private final ScheduledExecutorService timer;
    private final Function<String, RuntimeException> refusal;

    // Guarded by guard.
    private final Map<WireFormat, Use> uses = new HashMap<>();
    private @Nullable Future<?> nextLook;
    private boolean over;

    /** A format in use. */
    private static final class Use {
        private int readers;
        private boolean seenUnread;
    }

    /**
     * No readers yet.
     *
     * @param guard the monitor that guards {@code log}
     * @param refusal what {@link #open} throws, from what is exceeded
     */
    public LogReaders(
            Object guard, StreamLog log, ScheduledExecutorService timer, Function<String, RuntimeException> refusal) {
        this.guard = guard;
        this.log = log;
        this.timer = timer;
        this.refusal = refusal;
    }

    /** The ready bytes in a format for one reader more, who calls {@link #leave} in the end. */
    public ByteLog open(WireFormat format) {
        synchronized (guard) {
            Use use = uses.get(format);
            if (use == null) {
                if (format.isUncommon() && !makeRoom()) {
                    throw refusal.apply("formats: more than " + MOST_UNCOMMON + " uncommon ones are being read");
                }
                use = new Use();
            }
            // First what may throw, so that a format that fails, or finds no memory, counts no reader who would never
            // leave.
            ByteLog opened = log.activate(format);
            uses.put(format, use);
            use.readers++;
            use.seenUnread = false;
            return opened;
        }
    }

    /** Whether there is room for an uncommon format, perhaps in the place of one that nobody reads. */
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

    /** A reader of {@code left} is done with it. */
    public void leave(ByteLog left) {
        synchronized (guard) {
            Use use = uses.get(left.format());
            if (use != null && --use.readers == 0) {
                lookLater();
            }
        }
    }

    private void lookLater() {
        if (!over && nextLook == null) {
            nextLook = timer.schedule(this::look, LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void look() {
        synchronized (guard) {
            nextLook = null;
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

    /** The stream has ended: its logs are given back all together, when the last of all readers has left. */
    public void end() {
        synchronized (guard) {
            over = true;
            log.flush();
            if (nextLook != null) {
                nextLook.cancel(false);
                nextLook = null;
            }
        }
    }
}
