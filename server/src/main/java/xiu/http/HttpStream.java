package xiu.http;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Seam: the body of an answer that goes on until it is ended, or a WebSocket. Confined to the exchange's event loop.
 *
 * <p>In HTTP/1 its channel is the connection's, and the body ends with the connection. A version that carries many streams
 * over one connection gives each a channel of its own, a child of the connection's, and says what has been acknowledged of
 * it by {@link xiu.transport.send.SendProgress}.
 */
public interface HttpStream {
    /**
     * What is written here, as {@link io.netty.buffer.ByteBuf}s, is the body. Its writability is the back-pressure; its future
     * of a write is done when the bytes have gone on their way to the client. Only {@link #end} and {@link #abort} close it.
     */
    Channel channel();

    /** Ends it behind what has been written, in a few seconds at most whatever the client does. */
    void end(Ending why);

    /** Ends it at once: what the client has not taken yet is dropped. */
    void abort();

    /** Why a stream ends; a WebSocket says so to its client. */
    enum Ending {
        /** There is no more of it. */
        COMPLETE,
        /** It cannot go on for this client now. */
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
