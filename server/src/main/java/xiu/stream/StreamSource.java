package xiu.stream;

import java.net.URI;

/** Seam: a publisher the server starts itself: relay pull, a file. */
public interface StreamSource {
    /** Begins to fetch; publishes into {@code to} as soon as media flows. Must not block. */
    void start(Sink to);

    /** Ends it; idempotent, any thread. */
    void stop();

    /** Where a source reports to. Methods may be called on any thread, one at a time. */
    interface Sink {
        /** The far side delivers: returns where to write. Throws {@link StreamException} when the name is taken. */
        Publication connected();

        /** It ended, or never began; called once, after which the source is dead. */
        void ended(Failure failure);
    }

    /**
     * Why a source or sink ended.
     *
     * @param kind what a retry policy needs to know
     * @param message one line, without secrets
     */
    record Failure(Kind kind, String message) {
        /** What kind of end. */
        public enum Kind {
            /** Could not connect, or the connection broke. */
            UNREACHABLE,
            /** The far side does not have the stream. */
            NOT_FOUND,
            /** The far side said no. */
            REFUSED,
            /** The far side stopped moving. */
            STALLED,
            /** The stream ended in good order, or we were told to stop. */
            ENDED
        }
    }

    /** Opens sources for a URI scheme. */
    interface Factory {
        /** A source that is not started yet. */
        StreamSource open(StreamKey key, URI from);
    }
}
