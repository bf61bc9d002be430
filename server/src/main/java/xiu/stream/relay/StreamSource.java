package xiu.stream.relay;

import java.net.URI;
import java.util.List;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamException;
import xiu.stream.StreamKey;

/** Seam: feeds a stream here, as a publisher that the server itself starts: relay pull, a file. Used once. */
public interface StreamSource {
    /** Begins to fetch; publishes through {@code to} as soon as the far side delivers. Must not block. */
    void start(Events to);

    /** Ends it, also at the far side; idempotent, any thread. {@link Events#ended} follows. */
    void stop();

    /** Gets the events of a source. Called on any thread, one call at a time, outside all locks. */
    interface Events {
        /**
         * The far side delivers. Returns where to write; throws {@link StreamException} when the name is taken; the
         * source then ends.
         *
         * @param publisher the source as the stream sees it, with its route
         */
        Publication connected(Publisher publisher);

        /** The far side is the node with this id; nothing is known about the stream yet. */
        default void reached(String nodeId) {}

        /** It ended, or never began. Called once. */
        void ended(RelayEnd end);
    }

    /** Opens sources for a URI scheme. */
    interface Factory {
        /**
         * A source that is not started.
         *
         * @param key the stream it will feed here
         * @param from where it is, with app and name; may contain secrets
         * @param route the nodes that the request has passed, this one last
         */
        StreamSource open(StreamKey key, URI from, List<String> route);
    }
}
