package xiu.protocol.rtmp.server;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The message streams of one connection to a server (RTMP 1.0 §7.2.1.3). The server chooses their ids, the lowest free
 * one, and never takes one from the peer: the id is part of the format in which a player gets its stream, and each
 * format costs a log. Confined to the event loop.
 *
 * @param <S> what the server does on one of them
 */
public final class MessageStreams<S> {
    /**
     * Some clients publish and play on the connection's own message stream; they mean the one that they created last.
     */
    private static final int NEWEST = 0;

    private final int most;
    private final IntFunction<S> make;
    private final IntObjectMap<S> byId = new IntObjectHashMap<>();
    /** The same streams in the order of their creation. */
    private final List<S> inOrder = new ArrayList<>();

    /** All ids from 1 to this one have been used at some time. */
    private int highest;

    /** The id of the stream that was created last. */
    private int latest;

    /** Empty; {@code make} makes the stream for an id. At most {@code most} at a time. */
    public MessageStreams(int most, IntFunction<S> make) {
        this.most = most;
        this.make = make;
    }

    /** Creates one; null when there are too many. */
    public @Nullable S create() {
        int id = 1;
        while (byId.containsKey(id)) {
            id++;
        }
        S created = open(id);
        if (created != null) {
            latest = id;
            highest = Math.max(highest, id);
        }
        return created;
    }

    private @Nullable S open(int id) {
        if (byId.size() >= most) {
            return null;
        }
        S opened = make.apply(id);
        byId.put(id, opened);
        inOrder.add(opened);
        return opened;
    }

    /**
     * The stream for {@code play} or {@code publish} on message stream {@code id}; null when it was never created. A
     * deleted one is made again, because some clients delete it and go on using it.
     */
    public @Nullable S use(int id) {
        S known = find(id);
        int given = id == NEWEST ? latest : id;
        return known == null && given >= 1 && given <= highest ? open(given) : known;
    }

    /** The stream for any other command on message stream {@code id}, or null. */
    public @Nullable S find(int id) {
        return find(id, any -> true);
    }

    /** The same, where message stream 0 means the newest stream that is {@code wanted}. */
    public @Nullable S find(int id, Predicate<S> wanted) {
        if (id != NEWEST) {
            return byId.get(id);
        }
        // By index, without an iterator, because the media of some publishers comes this way.
        for (int i = inOrder.size() - 1; i >= 0; i--) {
            if (wanted.test(inOrder.get(i))) {
                return inOrder.get(i);
            }
        }
        return null;
    }

    /** Removes the stream that {@link #find} finds; null when there is none. */
    public @Nullable S remove(int id) {
        S removed = find(id);
        if (removed != null) {
            inOrder.remove(removed);
            byId.values().remove(removed);
        }
        return removed;
    }

    /** All streams in the order of their creation; borrowed, and not to be changed. */
    public List<S> all() {
        return inOrder;
    }

    /** Removes all streams. */
    public void clear() {
        byId.clear();
        inOrder.clear();
    }
}
