package xiu.http.http1;

import io.netty.channel.Channel;
import java.util.function.Consumer;
import xiu.http.HttpCounters;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.settings.Live;
import xiu.transport.receive.SharedReceiveBuffer;

/** Makes a channel speak HTTP/1. One for any number of channels, on any event loop. */
public final class HttpPipeline {
    private final ConnectionContext shared;

    /**
     * A pipeline for new channels.
     *
     * @param settings a connection keeps those of its beginning, but for the longest body
     * @param onFirstRequest called, on the event loop, when a channel has sent its first complete request
     */
    public HttpPipeline(Live<HttpSettings> settings, HttpRouter router, Consumer<Channel> onFirstRequest) {
        this.shared = new ConnectionContext(settings, router, onFirstRequest);
    }

    /** A pipeline whose settings stay as they are. */
    public HttpPipeline(HttpSettings settings, HttpRouter router, Consumer<Channel> onFirstRequest) {
        this(Live.of(settings), router, onFirstRequest);
    }

    /** How the requests of its channels were answered. */
    public HttpCounters counters() {
        return shared.counters();
    }

    /** Adds the HTTP handlers to the end of the channel's pipeline. */
    public void install(Channel channel) {
        SharedReceiveBuffer.use(channel);
        HttpConnection connection = new HttpConnection(shared);
        channel.pipeline().addLast(connection.decoder(), connection);
    }

    /** Asks a channel to stop, because the server stops: it closes as soon as it has nothing to answer. */
    public static void stop(Channel channel) {
        channel.pipeline().fireUserEventTriggered(HttpConnection.Stop.STOP);
    }
}
