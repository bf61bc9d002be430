package xiu.transport.memory;

import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;

/**
 * Takes a part of a file for as large as it is. Netty's own estimator takes it for nothing, so that a connection whose
 * client reads nothing would be writable for ever, and each further request would be answered.
 */
public final class RegionSizes implements MessageSizeEstimator {
    /** For any number of channels; a channel must get it before the first write. */
    public static final MessageSizeEstimator INSTANCE = new RegionSizes();

    private final Handle others = DefaultMessageSizeEstimator.DEFAULT.newHandle();
    private final Handle handle = this::size;

    private RegionSizes() {}

    @Override
    public Handle newHandle() {
        return handle;
    }

    private int size(Object message) {
        return message instanceof FileRegion region
                ? (int) Math.min(region.count(), Integer.MAX_VALUE)
                : others.size(message);
    }
}
