package xiu.http;

import io.netty.channel.Channel;
import java.time.Clock;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;
import xiu.settings.Live;
import xiu.transport.memory.RegionSizes;
import xiu.transport.receive.SharedReceiveBuffer;
import xiu.transport.trouble.RareLines;

/** Makes a channel speak HTTP. One for any number of channels, on any event loop. */
public final class HttpPipeline {
    private final Live<HttpSettings> settings;
    private final HttpRouter router;
    private final Consumer<Channel> onFirstRequest;
    private final RareLines troubles = new RareLines(LoggerFactory.getLogger(HttpPipeline.class));
    private final HttpClock clock = new HttpClock(Clock.systemUTC());

    /**
     * A pipeline for channels to come.
     *
     * @param settings a connection keeps to what was there when it came, but for the longest body
     * @param onFirstRequest told, on the event loop, when a channel has sent its first complete request
     */
    public HttpPipeline(Live<HttpSettings> settings, HttpRouter router, Consumer<Channel> onFirstRequest) {
        this.settings = settings;
        this.router = router;
        this.onFirstRequest = onFirstRequest;
    }

    /** A pipeline whose settings stay as they are. */
    public HttpPipeline(HttpSettings settings, HttpRouter router, Consumer<Channel> onFirstRequest) {
        this(Live.of(settings), router, onFirstRequest);
    }

    /** Adds the HTTP handlers to the end of the channel's pipeline. */
    public void install(Channel channel) {
        SharedReceiveBuffer.use(channel);
        channel.config().setMessageSizeEstimator(RegionSizes.INSTANCE);
        HttpConnection connection = new HttpConnection(this);
        channel.pipeline().addLast(connection.decoder(), connection);
    }

    HttpSettings settings() {
        return settings.now();
    }

    HttpRouter router() {
        return router;
    }

    /** Something that any client can cause: counted, and rarely logged. */
    void trouble(Channel client, String event, String detail) {
        troubles.happened(event, String.valueOf(client.remoteAddress()), detail);
    }

    HttpClock clock() {
        return clock;
    }

    void onFirstRequest(Channel channel) {
        onFirstRequest.accept(channel);
    }
}
