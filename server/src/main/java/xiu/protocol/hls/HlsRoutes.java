package xiu.protocol.hls;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.http.HttpExchange;
import xiu.http.HttpReplies;
import xiu.http.HttpReply;
import xiu.http.HttpRoute;
import xiu.http.PathPattern;
import xiu.protocol.hls.HlsAudience.Visit;
import xiu.segment.format.TsSegments;
import xiu.settings.Live;
import xiu.stream.MediaStream;
import xiu.stream.StreamException;
import xiu.stream.StreamHub;
import xiu.stream.StreamKey;
import xiu.stream.seam.Answers;

/**
 * {@code /app/stream/stream.m3u8} and {@code /app/stream/N.ts}. Both are under the access policy. Where the policy
 * needs a credential from players of HLS, playlists repeat it behind every segment's name, for players that do not do
 * so themselves.
 */
final class HlsRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HlsRoutes.class);
    private static final int MOST_DIGITS = 18;
    /** How long the first request waits for the first segment at least. */
    private static final long HOLD_MILLIS = 15_000;

    /** The longest credential that is repeated behind every segment's name; a signed token has some hundred bytes. */
    private static final int MOST_CREDENTIAL = 1_024;

    private static final HttpReply LONG_CREDENTIAL = HttpReplies.error(HttpResponseStatus.REQUEST_URI_TOO_LONG)
            .text("token: longer than " + MOST_CREDENTIAL + " bytes\n");

    private static final HttpReply NOT_CARRIED =
            HttpReplies.error(HttpResponseStatus.NOT_FOUND).text("the stream has no codec that MPEG-TS carries\n");

    private final StreamHub hub;
    private final HlsAccess access;
    private final Function<StreamKey, @Nullable HlsStream> streams;
    private final Function<MediaStream, @Nullable HlsStream> attach;
    private final Live<HlsSettings> settings;

    /**
     * The routes.
     *
     * @param streams finds the live or lately ended stream of a name
     * @param attach finds or begins the stream of a live one
     */
    HlsRoutes(
            Live<HlsSettings> settings,
            StreamHub hub,
            HlsAccess access,
            Function<StreamKey, @Nullable HlsStream> streams,
            Function<MediaStream, @Nullable HlsStream> attach) {
        this.hub = hub;
        this.access = access;
        this.streams = streams;
        this.attach = attach;
        this.settings = settings;
    }

    List<HttpRoute> routes() {
        return List.of(
                HttpRoute.finding("/{app...}/{name}/{file}.m3u8", this::playlist),
                HttpRoute.finding("/{app...}/{name}/{number}" + TsSegments.FORMAT.suffix(), this::segment));
    }

    private HttpRoute.@Nullable Resource playlist(PathPattern.Match path) {
        StreamKey key = key(path);
        if (key == null || !path.variable("file").equals(key.name())) {
            return null;
        }
        return exchange -> playlist(key, exchange);
    }

    private void playlist(StreamKey key, HttpExchange exchange) {
        HlsStream known = streams.apply(key);
        if (known == null || !known.isLive()) {
            ask(key, exchange);
        } else if (access.admits(exchange, key)) {
            // Not a lambda: the JVM's first compiler would make it by a call into the JVM.
            serve(known, exchange);
        } else {
            ifAllowed(exchange, key, () -> serve(known, exchange));
        }
    }

    /** Nobody feeds the stream here at the moment: locators are asked for it. */
    private void ask(StreamKey key, HttpExchange exchange) {
        exchange.answerWithin(hub.patience(access.request(exchange, key)));
        exchange.await(Answers.then(access.ask(exchange, key), hub::locate), (stream, failure) -> {
            HlsStream now = stream != null
                    ? attach.apply(stream)
                    : failure != null && isUnknown(failure) ? streams.apply(key) : null;
            if (now != null) {
                serve(now, exchange);
            } else {
                exchange.answer(failure == null ? HttpReplies.MISSING : refusal(failure, exchange));
            }
        });
    }

    private void serve(HlsStream stream, HttpExchange exchange) {
        boolean first = stream.audience().size() == 0;
        Visit visit = stream.audience().enter(exchange, access.sessionOf(exchange));
        if (visit.isKicked()) {
            exchange.answer(HttpReplies.DENIED);
            return;
        }
        stream.ask();
        if (first) {
            // While nobody watched, the stream was read rarely, and this answer is that old; the next one will not be.
            stream.hurry();
        }
        if (answered(stream, exchange, visit)) {
            return;
        }
        stream.hurry();
        boolean held = stream.waiters().hold(exchange, holdMillis(), () -> {
            if (!answered(stream, exchange, visit)) {
                exchange.answer(HttpReplies.BUSY);
            }
        });
        if (!held) {
            exchange.answer(HttpReplies.BUSY);
        } else if (stream.replies() != null || !stream.isLive()) {
            // The playlist came, or the stream ended, while the request was being held.
            stream.waiters().wake();
        }
    }

    private long holdMillis() {
        return Math.max(HOLD_MILLIS, 3 * settings.now().fragment().toMillis());
    }

    private boolean answered(HlsStream stream, HttpExchange exchange, Visit visit) {
        HttpReply reply = playlistOf(stream, exchange);
        if (reply != null) {
            stream.counters().playlistsServed().increment();
            visit.served(exchange.bodyBytes(reply));
            exchange.answer(reply);
        } else if (TsSegments.FORMAT.carriesNone(stream.stream().tracks())) {
            exchange.answer(NOT_CARRIED);
        } else if (stream.isOver()) {
            exchange.answer(HttpReplies.MISSING);
        } else {
            return false;
        }
        return true;
    }

    private @Nullable HttpReply playlistOf(HlsStream stream, HttpExchange exchange) {
        String suffix = suffix(exchange);
        HttpReply reply = null;
        PlaylistReplies shown = null;
        // Until it is the newest: what an older playlist lists may be released already, because nobody had been shown
        // it.
        for (PlaylistReplies now = stream.replies(); now != shown; now = stream.replies()) {
            shown = now;
            reply = now == null ? null : suffix == null ? LONG_CREDENTIAL : now.reply(suffix, exchange.acceptsGzip());
        }
        return reply;
    }

    /** A segment of a stream that HLS has. Without such a stream the path may name a stream of another protocol. */
    private final class Segment implements HttpRoute.Resource {
        private final StreamKey key;
        private final long number;

        private Segment(StreamKey key, long number) {
            this.key = key;
            this.number = number;
        }

        @Override
        public void handle(HttpExchange exchange) {
            segment(key, number, exchange);
        }

        @Override
        public boolean isThere() {
            return streams.apply(key) != null;
        }
    }

    private HttpRoute.@Nullable Resource segment(PathPattern.Match path) {
        StreamKey key = key(path);
        long number = number(path.variable("number"));
        return key == null || number < 0 ? null : new Segment(key, number);
    }

    private void segment(StreamKey key, long number, HttpExchange exchange) {
        if (access.admits(exchange, key)) {
            serve(key, number, exchange);
        } else {
            ifAllowed(exchange, key, () -> serve(key, number, exchange));
        }
    }

    private void serve(StreamKey key, long number, HttpExchange exchange) {
        HlsStream stream = streams.apply(key);
        SegmentReplies segment = stream == null ? null : stream.segment(number);
        if (stream == null) {
            exchange.answer(HttpReplies.MISSING);
            return;
        }
        Visit visit = stream.audience().find(exchange, access.sessionOf(exchange));
        if (visit.isKicked()) {
            exchange.answer(HttpReplies.DENIED);
            return;
        }
        int bytes = segment == null ? -1 : segment.answer(exchange, access.isOpen());
        if (bytes < 0) {
            exchange.answer(HttpReplies.MISSING);
        } else {
            stream.counters().segmentsServed().increment();
            visit.served(bytes);
        }
    }

    private void ifAllowed(HttpExchange exchange, StreamKey key, Runnable then) {
        exchange.await(access.ask(exchange, key), (allowed, failure) -> {
            if (failure == null) {
                then.run();
            } else {
                exchange.answer(refusal(failure, exchange));
            }
        });
    }

    /** What is appended to the segments' names: the part of the query that is a credential; null: it is too long. */
    private @Nullable String suffix(HttpExchange exchange) {
        String credential = access.isOpen() ? "" : access.credential(exchange);
        if (credential.length() > MOST_CREDENTIAL) {
            return null;
        }
        boolean plain = credential.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"');
        return plain && !credential.isEmpty() ? "?" + credential : "";
    }

    private static @Nullable StreamKey key(PathPattern.Match path) {
        try {
            return new StreamKey(path.variable("app"), path.variable("name"));
        } catch (StreamException badName) {
            return null;
        }
    }

    private static long number(String digits) {
        boolean decimal = digits.length() <= MOST_DIGITS && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        // One name per segment, for caches: no leading zeros.
        return decimal && (digits.length() == 1 || digits.charAt(0) != '0') ? Long.parseLong(digits) : -1;
    }

    private static boolean isUnknown(Throwable failure) {
        return failure instanceof StreamException refused && refused.reason() == StreamException.Reason.NOT_FOUND;
    }

    private static HttpReply refusal(Throwable failure, HttpExchange exchange) {
        if (!(failure instanceof StreamException refused)) {
            LOG.warn("event=hls_play_failed session={}", exchange.connectionId(), failure);
            return HttpReplies.FAILED;
        }
        return switch (refused.reason()) {
            case NOT_FOUND, BAD_NAME -> HttpReplies.MISSING;
            case DENIED -> HttpReplies.denial(exchange);
            case FORBIDDEN -> HttpReplies.DENIED;
            case BUSY, LIMIT, STOPPING, UNAVAILABLE -> HttpReplies.BUSY;
        };
    }
}
