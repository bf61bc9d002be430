package xiu.http.http1;

import io.netty.channel.Channel;
import java.io.IOException;
import java.time.Clock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.http.HttpCounters;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;
import xiu.settings.Live;
import xiu.transport.trouble.RareLines;

/** What all connections of a server share. Any thread. */
final class ConnectionContext {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionContext.class);

    private final Live<HttpSettings> settings;
    private final HttpRouter router;
    private final Consumer<Channel> onFirstRequest;
    private final RareLines troubles = new RareLines(LOG);
    private final HttpCounters counters = new HttpCounters();
    private final HttpClock clock = new HttpClock(Clock.systemUTC());

    ConnectionContext(Live<HttpSettings> settings, HttpRouter router, Consumer<Channel> onFirstRequest) {
        this.settings = settings;
        this.router = router;
        this.onFirstRequest = onFirstRequest;
    }

    HttpSettings settings() {
        return settings.now();
    }

    HttpRouter router() {
        return router;
    }

    /** Counts something that any client can cause; rarely logged. */
    void trouble(Channel client, String event, String detail) {
        troubles.happened(event, String.valueOf(client.remoteAddress()), detail);
    }

    /** Logs what broke a connection. */
    void lost(String connection, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("event=http_connection_lost session={} cause=\"{}\"", connection, cause.getMessage());
        } else {
            LOG.warn("event=http_connection_failed session={}", connection, cause);
        }
    }

    HttpCounters counters() {
        return counters;
    }

    HttpClock clock() {
        return clock;
    }

    void onFirstRequest(Channel channel) {
        onFirstRequest.accept(channel);
    }
}
