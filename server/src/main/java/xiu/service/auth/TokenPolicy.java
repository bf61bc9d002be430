package xiu.service.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;
import xiu.transport.trouble.RareLine;

/**
 * Tokens as XIU has them: in the query ({@code ?token=}), as a bearer token, or as the password of a login. A token is
 * compared in constant time and never shown. Where there is a push password, a token for playing does not allow
 * publishing. Any thread.
 */
public final class TokenPolicy implements AccessPolicy {
    private static final Logger log = LoggerFactory.getLogger(TokenPolicy.class);

    private final RareLine lines = new RareLine(TimeUnit.SECONDS.toNanos(10));
    private final Live<AuthSettings> live;
    private final AtomicLong denied = new AtomicLong();

    /** Checks each request by the settings of that moment. A change ends no session that was admitted before. */
    public TokenPolicy(Live<AuthSettings> settings) {
        this.live = settings;
    }

    /** How many requests were denied so far. */
    public long denied() {
        return denied.get();
    }

    @Override
    public CompletionStage<Access> check(AccessRequest request) {
        AuthSettings settings = live.now();
        AuthRule rule = ruleOf(settings, request.peer().protocol());
        if (!asks(rule, request.action())) {
            return CompletableFuture.completedFuture(Access.GRANTED);
        }
        if (isRight(settings.secret(), rule.algorithm(), request)) {
            return CompletableFuture.completedFuture(Access.PROVEN);
        }
        denied.incrementAndGet();
        report(request);
        return CompletableFuture.completedFuture(Access.DENIED);
    }

    @Override
    public boolean asks(Action action, String protocol) {
        return asks(ruleOf(live.now(), protocol), action);
    }

    private static boolean asks(AuthRule rule, Action action) {
        return switch (action) {
            case PLAY -> rule.pullEnabled();
            case PUBLISH -> rule.pushEnabled();
        };
    }

    @Override
    public String credential(String query) {
        return TokenQuery.parameter(query);
    }

    /** Logs the denial, at intervals, and never what was shown instead of a token. */
    private void report(AccessRequest request) {
        long times = lines.happened(System.nanoTime());
        if (times > 0) {
            log.warn(
                    "event=denied action={} stream={} protocol={} peer={} times={}",
                    request.action(),
                    request.key(),
                    request.peer().protocol(),
                    request.peer(),
                    times);
        }
    }

    private static AuthRule ruleOf(AuthSettings settings, String protocol) {
        return switch (protocol) {
            case "http-flv", "ws-flv", "http-ts" -> settings.httpflv();
            case "hls" -> settings.hls();
            default -> settings.rtmp();
        };
    }

    private static boolean isRight(AuthSecret secret, AuthAlgorithm algorithm, AccessRequest request) {
        String name = request.key().name();
        boolean pushSecret =
                request.action() == Action.PUBLISH && !secret.pushPassword().isEmpty();
        String expected = switch (algorithm) {
            case SIMPLE -> pushSecret ? secret.pushPassword() : secret.password();
            // With the key alone, a player's token would be a publisher's as well.
            case MD5 -> md5((pushSecret ? secret.pushPassword() : secret.key()) + name);
        };
        // All are compared, so that the time does not reveal which of them were present.
        String query = TokenQuery.token(request.credentials().query());
        boolean byQuery = same(algorithm, expected, query);
        boolean byBearer = same(algorithm, expected, request.credentials().bearer());
        boolean byLogin = request.credentials().proof().knows(expected) && !expected.isEmpty();
        return byQuery | byBearer | byLogin;
    }

    private static boolean same(AuthAlgorithm algorithm, String expected, String token) {
        String given = algorithm == AuthAlgorithm.MD5 ? token.toLowerCase(Locale.ROOT) : token;
        boolean equal = MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
        return equal && !expected.isEmpty();
    }

    private static String md5(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has MD5", e);
        }
    }
}
