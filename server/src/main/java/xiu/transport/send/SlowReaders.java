package xiu.transport.send;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import xiu.transport.closing.LastBytes;

/**
 * The connections of a server that are slow to take a reply, and how long a peer may acknowledge nothing. Those that are done in a
 * few seconds never come here, so the others are few. Any thread.
 */
public final class SlowReaders {
    private static final AttributeKey<SlowReaders> KEY = AttributeKey.valueOf("xiu.slowReaders");

    private final long patience;
    private final Map<Channel, Long> since = new ConcurrentHashMap<>();

    /** {@code patience}: time in which a peer must acknowledge something of what is on the network; zero: for ever. */
    public SlowReaders(Duration patience) {
        this.patience = patience.isZero() ? Long.MAX_VALUE / 4 : patience.toNanos();
    }

    /** The attribute by which channels find theirs. */
    public static AttributeKey<SlowReaders> key() {
        return KEY;
    }

    /** Those of the channel's server; for a channel without any, such as a test's, those of nobody else. */
    public static SlowReaders of(Channel channel) {
        SlowReaders found = channel.attr(KEY).get();
        return found == null ? new SlowReaders(Duration.ofSeconds(10)) : found;
    }

    /** Time in which a peer must acknowledge something of what is on the network, ns; whoever does not is gone. */
    public long patience() {
        return patience;
    }

    /** A reply has been on its way since {@code nanos}; to be taken back by {@link #remove}. */
    public void add(Channel channel, long nanos) {
        since.put(channel, nanos);
    }

    /** The peer has taken all, or is gone. */
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
            LastBytes.drop(channel);
            channel.close();
        });
        return slowest.size();
    }
}
