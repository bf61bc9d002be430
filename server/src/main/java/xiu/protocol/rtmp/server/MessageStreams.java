package xiu.protocol.rtmp.server;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The message streams of one connection to a server (RTMP 1.0 §7.2.1.3). The server gives their ids, the lowest that is
 * free, and never takes one from the peer: an id is part of the format in which a player gets its stream, and each format
 * costs a log. Confined to the event loop.
 *
 * @param <S> what the server does on one of them
 */
public final class MessageStreams<S> {
    /** On the connection's own message stream some clients publish and play; they mean the one that they created last. */
    private static final int NEWEST = 0;

    private final int most;
    private final IntFunction<S> make;
    private final IntObjectMap<S> byId = new IntObjectHashMap<>();
    /** The same, those that were created first in front. */
    private final List<S> inOrder = new ArrayList<>();

    /** All ids from 1 to this one have been given. */
    private int highest;

    /** The id that was given last. */
    private int latest;

    /** None yet, and so many at most; {@code make} is given the id of a new one. */
    public MessageStreams(int most, IntFunction<S> make) {
        this.most = most;
        this.make = make;
    }

    /** A new one, or null when there are too many. */
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
     * The one that {@code play} or {@code publish} on message stream {@code id} is for, or null when it was never created.
     * Some clients delete one and go on using it.
     */
    public @Nullable S use(int id) {
        S known = find(id);
        int given = id == NEWEST ? latest : id;
        return known == null && given >= 1 && given <= highest ? open(given) : known;
    }

    /** The one that a command on message stream {@code id} is for, or null. */
    public @Nullable S find(int id) {
        return find(id, any -> true);
    }

    /** The same, where message stream 0 is the newest of those that {@code wanted} says. */
    public @Nullable S find(int id, Predicate<S> wanted) {
        if (id != NEWEST) {
            return byId.get(id);
        }
        // By index, because some publishers' media comes this way.
        for (int i = inOrder.size() - 1; i >= 0; i--) {
            if (wanted.test(inOrder.get(i))) {
                return inOrder.get(i);
            }
        }
        return null;
    }

    /** Takes the one that {@link #find} finds away; null when there is none. */
    public @Nullable S remove(int id) {
        S removed = find(id);
        if (removed != null) {
            inOrder.remove(removed);
            byId.values().remove(removed);
        }
        return removed;
    }

    /** All of them, those that were created first in front; borrowed, and not to be changed. */
    public List<S> all() {
        return inOrder;
    }

    /** Takes all of them away. */
    public void clear() {
        byId.clear();
        inOrder.clear();
    }
}
