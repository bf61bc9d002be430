package xiu.service.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import xiu.stream.MediaStream;
import xiu.stream.StreamException;

/** The players that wait for one pull. Confined to the relay thread. */
final class Waiters {
    /** The most players that may wait for one stream; further ones are refused. */
    private static final int MOST = 10_000;

    private final List<Waiter> waiting = new ArrayList<>();

    /** A player, and the nodes that its request has passed. */
    private record Waiter(CompletableFuture<MediaStream> player, List<String> route) {}

    void add(CompletableFuture<MediaStream> player, List<String> route) {
        if (waiting.size() >= MOST) {
            player.completeExceptionally(
                    new StreamException(StreamException.Reason.LIMIT, "players waiting for one stream: " + MOST));
        } else {
            waiting.add(new Waiter(player, route));
        }
    }

    /** Whether nobody waits any more. */
    boolean isEmpty() {
        waiting.removeIf(waiter -> waiter.player.isDone());
        return waiting.isEmpty();
    }

    void serve(MediaStream found) {
        List<Waiter> served = List.copyOf(waiting);
        waiting.clear();
        served.forEach(waiter -> waiter.player.complete(found));
    }

    void refuse(StreamException why) {
        List<Waiter> refused = List.copyOf(waiting);
        waiting.clear();
        refused.forEach(waiter -> waiter.player.completeExceptionally(why));
    }

    /** Refuses those whose request has passed this node; returns whether there were any. */
    boolean refuseBy(String node, StreamException why) {
        List<Waiter> refused =
                waiting.stream().filter(waiter -> waiter.route.contains(node)).toList();
        waiting.removeAll(refused);
        refused.forEach(waiter -> waiter.player.completeExceptionally(why));
        return !refused.isEmpty();
    }
}
