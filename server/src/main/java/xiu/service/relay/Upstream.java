package xiu.service.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.stream.StreamKey;

/**
 * A server that is asked for streams, and whether it failed lately. Confined to the relay thread, but for its settings,
 * which any thread may read.
 */
final class Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final long UNHEALTHY = TimeUnit.SECONDS.toNanos(30);

    private volatile PullSettings settings;
    private final UrlTemplate template;
    private final DialTurns turns;
    private boolean failed;
    private long failedAt;

    Upstream(PullSettings settings, DialTurns turns) {
        this.settings = settings;
        this.turns = turns;
        this.template = settings.upstream();
    }

    /** The enabled upstreams of these settings. One that existed before keeps its health and its turns. */
    static List<Upstream> all(List<PullSettings> settings, List<Upstream> before, Supplier<DialTurns> turns) {
        List<Upstream> left = new ArrayList<>(before);
        List<Upstream> found = new ArrayList<>();
        for (PullSettings one : settings) {
            if (one.enabled()) {
                Upstream known = left.stream()
                        .filter(upstream -> upstream.template().equals(one.upstream()))
                        .findFirst()
                        .orElseGet(() -> new Upstream(one, turns.get()));
                known.settings = one;
                left.remove(known);
                found.add(known);
            }
        }
        return List.copyOf(found);
    }

    UrlTemplate template() {
        return template;
    }

    DialTurns turns() {
        return turns;
    }

    boolean serves(StreamKey key) {
        return settings.match().matches(key.toString());
    }

    Duration wait_() {
        return settings.wait_();
    }

    Duration linger() {
        return settings.linger();
    }

    void healthy() {
        if (failed) {
            failed = false;
            LOG.info("event=relay_upstream_healthy remote={}", template);
        }
    }

    void failed(String error, long now) {
        if (!failed) {
            LOG.info("event=relay_upstream_unhealthy remote={} error=\"{}\"", template, error);
        }
        failed = true;
        failedAt = now;
    }

    /** Whether it failed lately; such upstreams are asked last. */
    boolean isSuspect(long now) {
        return failed && now - failedAt < UNHEALTHY;
    }
}
