package xiu.stream.relay;

import java.net.URI;
import java.util.List;
import xiu.stream.MediaStream;
import xiu.stream.StreamKey;

/** Seam: carries a stream elsewhere, as a viewer that the server itself starts: relay push. Used once. */
public interface StreamSink {
    /** Begins to send: metadata, sequence headers and the cached group of pictures first. Must not block. */
    void start(MediaStream of, Events to);

    /** Ends it, and the stream at the far side; idempotent, any thread. {@link Events#ended} follows. */
    void stop();

    /** Gets the events of a sink. Called on any thread, one call at a time, outside all locks. */
    interface Events {
        /** The far side takes the stream. */
        void connected();

        /** It ended, or never began. Called once. */
        void ended(RelayEnd end);
    }

    /** Opens sinks for a URI scheme. */
    interface Factory {
        /**
         * A sink that is not started.
         *
         * @param key the stream it will carry
         * @param to where to, with app and name; may contain secrets
         * @param route the nodes that the stream has passed, this one last; a far side that is among them is refused
         */
        StreamSink open(StreamKey key, URI to, List<String> route);
    }
}
