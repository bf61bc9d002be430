package xiu.http;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Seam: the body of an answer that goes on until it is ended, or a WebSocket. Confined to the exchange's event loop.
 *
 * <p>In HTTP/1 its channel is the connection's, and the body ends with the connection. A version with many streams on
 * one connection gives each stream a channel of its own, a child of the connection's, and reports what the client has
 * acknowledged of it through {@link xiu.transport.send.SendProgress}.
 */
public interface HttpStream {
    /**
     * The channel to which the body is written, as {@link io.netty.buffer.ByteBuf}s. Its writability is the
     * back-pressure; the future of a write completes when the bytes are on their way to the client. Only {@link #end}
     * and {@link #abort} close it.
     */
    Channel channel();

    /** Ends the stream after what was written, in a few seconds at most whatever the client does. */
    void end(Ending why);

    /** Ends the stream at once and drops what the client has not taken yet. */
    void abort();

    /** Why a stream ends; a WebSocket reports it to its client. */
    enum Ending {
        /** The stream is complete. */
        COMPLETE,
        /** This client cannot get more now. */
        TRY_AGAIN,
        /** The server stops. */
        GOING_AWAY,
        /** A fault of ours. */
        FAILED
    }

    /** The owner of a stream. */
    interface Listener {
        /**
         * The client has left, or is leaving: nothing must be written any more. Once at most, on the event loop.
         *
         * @param cause what broke the connection; null when the client has closed it
         */
        void onClosed(@Nullable Throwable cause);
    }
}
