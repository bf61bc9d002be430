package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import xiu.http.HttpRoute;
import xiu.http.HttpRouter;
import xiu.http.HttpSettings;

/** A client that talks to an {@link HttpPipeline} without a network. Time stands still unless it is moved. */
public final class EmbeddedClient implements AutoCloseable {
    static final HttpSettings SETTINGS = new HttpSettings(
            512,
            1024,
            32,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofHours(1));

    final List<Channel> established = new ArrayList<>();
    /** The connection. */
    public final EmbeddedChannel channel = new EmbeddedChannel();

    /** A client of a server with these routes. */
    public EmbeddedClient(HttpRoute... routes) {
        this(SETTINGS, List.of(routes));
    }

    /** A client of a server with these settings and routes. */
    public EmbeddedClient(HttpSettings settings, List<HttpRoute> routes) {
        channel.freezeTime();
        new HttpPipeline(settings, new HttpRouter(routes), established::add).install(channel);
    }

    EmbeddedClient(HttpPipeline pipeline) {
        channel.freezeTime();
        pipeline.install(channel);
    }

    /** Sends ISO 8859-1 text, all at once, and returns what came back, without Date fields. */
    public String send(String text) {
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        }
        return received();
    }

    /** A GET by HTTP/1.1 with these further lines. */
    public String get(String target, String... lines) {
        return send("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + String.join("", lines) + "\r\n");
    }

    /** What has come back since the last look, without Date fields. */
    public String received() {
        StringBuilder text = new StringBuilder();
        while (true) {
            ByteBuf part = channel.readOutbound();
            if (part == null) {
                return text.toString().replaceAll("Date: [^\r]* GMT\r\n", "");
            }
            text.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    /** Whether the server has not closed the connection. */
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }

    /** The three digits of a reply. */
    public static String status(String reply) {
        return reply.isEmpty() ? "" : reply.substring(9, 12);
    }
}
