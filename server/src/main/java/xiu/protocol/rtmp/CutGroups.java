package xiu.protocol.rtmp;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import xiu.stream.MediaStream;

/**
 * Reports a published stream whose groups of pictures do not fit into its log, once for each check that finds new ones.
 * Confined to the publisher's event loop.
 */
public final class CutGroups {
    private long known;

    /** Counts from now on for this stream; null: nothing is published. */
    public void begin(@Nullable MediaStream published) {
        known = published == null ? 0 : published.counters().cuts();
    }

    /** Calls {@code report} with an event and its detail when groups have been cut since the last check. */
    public void check(MediaStream published, BiConsumer<String, String> report) {
        long cuts = published.counters().cuts();
        if (cuts > known) {
            report.accept(
                    "limit_log",
                    published.key() + " has groups of pictures longer than log_bytes, log_packets or log_duration");
        }
        known = cuts;
    }
}
