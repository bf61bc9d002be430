package xiu.transport.send;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import xiu.metrics.Counter;
import xiu.metrics.Registry;
import xiu.transport.closing.LastBytes;

/**
 * The connections of a server that are slow to take a reply, and how long a peer may acknowledge nothing. Replies that
 * are taken within a few seconds are never added, so there are few. Any thread.
 */
public final class SlowReaders {
    private static final AttributeKey<SlowReaders> KEY = AttributeKey.valueOf("xiu.slowReaders");

    private final long patience;
    private final Map<Channel, Long> since = new ConcurrentHashMap<>();
    private final Counter resets = new Counter();

    /**
     * {@code patience}: time within which a peer must acknowledge something of what is on the network; zero: any time.
     */
    public SlowReaders(Duration patience) {
        this.patience = patience.isZero() ? Long.MAX_VALUE / 4 : patience.toNanos();
    }

    /** The attribute in which a channel has its server's instance. */
    public static AttributeKey<SlowReaders> key() {
        return KEY;
    }

    /**
     * The instance of the channel's server, also for a channel that is a stream of a connection; an empty one for a channel
     * without, as in tests.
     */
    public static SlowReaders of(Channel channel) {
        SlowReaders own = channel.attr(KEY).get();
        Channel parent = channel.parent();
        SlowReaders found =
                own != null || parent == null ? own : parent.attr(KEY).get();
        return found == null ? new SlowReaders(Duration.ofSeconds(10)) : found;
    }

    /** Time within which a peer must acknowledge something of what is on the network, ns. One that does not is gone. */
    public long patience() {
        return patience;
    }

    /** A reply has been on its way since {@code nanos}; undone by {@link #remove}. */
    public void add(Channel channel, long nanos) {
        since.put(channel, nanos);
    }

    /** The peer has taken everything, or is gone. */
    public void remove(Channel channel) {
        since.remove(channel);
    }

    /** How many there are. */
    public int size() {
        return since.size();
    }

    /**
     * Closes those whose reply has been on its way for the longest.
     *
     * @return how many were closed, at most {@code most}
     */
    public int closeSlowest(int most) {
        List<Channel> slowest = since.entrySet().stream()
                .sorted(Comparator.comparingLong(Map.Entry::getValue))
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
        slowest.forEach(channel -> {
            since.remove(channel);
            reset(channel);
            channel.close();
        });
        return slowest.size();
    }

    /** The next close of this channel, whose peer has taken nothing for too long, resets the connection. */
    public void reset(Channel channel) {
        resets.increment();
        LastBytes.drop(channel);
    }

    /** How many connections were reset so far. */
    public long resets() {
        return resets.value();
    }

    /** Registers their numbers. */
    public void register(Registry registry) {
        registry.gauge(
                "xiu_slow_replies", "Replies of HTTP that their clients have been taking for seconds", this::size);
        registry.counter("xiu_stalled_peers_reset_total", "Connections reset because the peer took too little", resets);
    }
}
