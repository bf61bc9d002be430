package xiu.service.relay;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.stream.StreamKey;
import xiu.stream.text.LogText;
import xiu.transport.trouble.RareLine;

/** Logs once at intervals that servers ask each other in a circle, for however many names. Any thread. */
final class LoopReport {
    private static final Logger LOG = LoggerFactory.getLogger(LoopReport.class);

    private static final int LONGEST = 300;

    private final RareLine rare = new RareLine(TimeUnit.SECONDS.toNanos(10));

    void report(StreamKey key, String remote, String reason) {
        long times = rare.happened(System.nanoTime());
        if (times > 0) {
            LOG.info(
                    "event=relay_loop direction=PULL stream={} remote={} reason=\"{}\" times={}",
                    key,
                    remote,
                    LogText.of(reason, LONGEST),
                    times);
        }
    }
}
