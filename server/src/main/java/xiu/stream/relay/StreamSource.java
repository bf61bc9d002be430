package xiu.stream.relay;

import java.net.URI;
import java.util.List;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;

/** Seam: a publisher the server starts itself: relay pull, a file. Used once: a source that has ended is dead. */
public interface StreamSource {
    /** Begins to fetch; publishes through {@code to} as soon as the far side delivers. Must not block. */
    void start(Events to);

    /** Ends it, telling the far side; idempotent, any thread. {@link Events#ended} follows. */
    void stop();

    /** What a source tells. Called on any thread, one at a time, outside all locks. */
    interface Events {
        /**
         * The far side delivers: returns where to write. Throws {@link StreamException} when the name is taken; the
         * source then ends.
         *
         * @param publisher the source as the stream sees it, with its route
         */
        Publication connected(Publisher publisher);

        /** The far side is a node with this id, before it has said anything about the stream. */
        default void reached(String nodeId) {}

        /** It ended, or never began. Called once. */
        void ended(RelayEnd end);
    }

    /** Opens sources for a URI scheme. */
    interface Factory {
        /**
         * A source that is not started yet.
         *
         * @param key the stream it will feed here
         * @param from where it is, with app and name; may hold secrets
         * @param route the nodes the wish has passed, this one last
         */
        StreamSource open(StreamKey key, URI from, List<String> route);
    }
}
