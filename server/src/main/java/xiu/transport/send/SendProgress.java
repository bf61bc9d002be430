package xiu.transport.send;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.function.Supplier;

/**
 * Whether the peer of a channel takes what it is sent, however slowly. A channel that is a connection is measured by TCP; one
 * that is a stream among others of a connection has no buffer and no socket of its own, and whoever makes it says by
 * {@link #KEY} what has been acknowledged of it. Confined to the channel's event loop.
 */
public interface SendProgress {
    /** For channels that are no connections: where their progress comes from. */
    AttributeKey<Supplier<SendProgress>> KEY = AttributeKey.valueOf("xiu.sendProgress");

    /** Of {@code channel}, from here on. */
    static SendProgress of(Channel channel) {
        // Not by attr alone, which would make one for each channel that has none.
        Supplier<SendProgress> source = channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
        return source == null ? new TcpProgress(channel) : source.get();
    }

    /** Whether the peer has taken something since the last call. */
    boolean moved();

    /**
     * Whether, at the last call of {@link #moved()}, there was something on the network that the peer had not
     * acknowledged yet. A peer acknowledges at once what it has room for, however slowly it reads; one that
     * acknowledges nothing for seconds is gone. False where that is not known.
     */
    boolean isInFlight();

    /** Bytes that were written to the channel and are not on their way yet. */
    long unwritten();
}
