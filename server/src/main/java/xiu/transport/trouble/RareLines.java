package xiu.transport.trouble;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import xiu.metrics.CounterGroup;
import xiu.metrics.Registry;
import xiu.stream.text.LogText;

/** Log lines for events that any peer can cause as often as it likes: all are counted, few are logged. Any thread. */
public final class RareLines {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

    private static final int LONGEST = 300;

    private static final CounterGroup<String> ALL = new CounterGroup<>();

    private final Logger log;
    private final Map<String, Event> events = new ConcurrentHashMap<>();

    private record Event(RareLine line, LongAdder count) {}

    /** Logs to {@code log}: at most one line per event and interval as a warning; the others only at debug level. */
    public RareLines(Logger log) {
        this.log = log;
    }

    /**
     * It happened.
     *
     * @param event one of a few constants
     * @param peer who did it
     * @param detail what exactly, without secrets; the peer may have said it
     */
    public void happened(String event, Object peer, String detail) {
        count(event, peer, detail, null);
    }

    /** The same for a fault of our own code, whose line carries the stack. */
    void fault(String event, Object where, Throwable fault) {
        count(event, where, String.valueOf(fault), fault);
    }

    private void count(String event, Object peer, String detail, @Nullable Throwable fault) {
        Event known = events.computeIfAbsent(event, name -> new Event(new RareLine(INTERVAL), new LongAdder()));
        known.count().increment();
        ALL.increment(event);
        long times = known.line().happened(System.nanoTime());
        if (times > 0) {
            log.warn("event={} peer={} detail=\"{}\" times={}", event, peer, LogText.of(detail, LONGEST), times, fault);
        } else if (log.isDebugEnabled()) {
            log.debug("event={} peer={} detail=\"{}\"", event, peer, LogText.of(detail, LONGEST));
        }
    }

    /** Registers how often each event has happened in this process, whichever lines it belongs to. */
    static void register(Registry registry) {
        registry.counters(
                "xiu_events_total", "Limits reached, rubbish and faults, by the event of their log line", "event", ALL);
    }

    /** How often this event has happened so far. */
    public long count(String event) {
        Event known = events.get(event);
        return known == null ? 0 : known.count().sum();
    }
}
