package xiu.stream.relay;

import java.net.URI;
import java.util.List;
import xiu.stream.MediaStream;
import xiu.stream.StreamKey;

/** Seam: a viewer the server starts itself and that carries a stream elsewhere: relay push. Used once. */
public interface StreamSink {
    /** Begins to send, with metadata, sequence headers and the cached group of pictures. Must not block. */
    void start(MediaStream of, Events to);

    /** Ends it, telling the far side that the stream is over; idempotent, any thread. {@link Events#ended} follows. */
    void stop();

    /** What a sink tells. Called on any thread, one at a time, outside all locks. */
    interface Events {
        /** The far side takes the stream. */
        void connected();

        /** It ended, or never began. Called once. */
        void ended(RelayEnd end);
    }

    /** Opens sinks for a URI scheme. */
    interface Factory {
        /**
         * A sink that is not started yet.
         *
         * @param key the stream it will carry
         * @param to where to, with app and name; may hold secrets
         * @param route the nodes the stream has passed, this one last; a far side that is among them is refused
         */
        StreamSink open(StreamKey key, URI to, List<String> route);
    }
}
