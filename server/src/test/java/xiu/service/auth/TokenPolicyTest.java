package xiu.service.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import xiu.settings.Live;
import xiu.stream.AccessPolicy;
import xiu.stream.AccessPolicy.Access;
import xiu.stream.AccessRequest;
import xiu.stream.AccessRequest.Action;
import xiu.stream.AccessRequest.Credentials;
import xiu.stream.Peer;
import xiu.stream.StreamKey;

class TokenPolicyTest {
    private static final AuthRule SIMPLE = new AuthRule(true, true, AuthAlgorithm.SIMPLE);
    private static final AuthRule MD5 = new AuthRule(true, true, AuthAlgorithm.MD5);
    /** {@code printf %s k1test | md5sum}. */
    private static final String MD5_OF_K1_TEST = "2c58232f53ce665a96c680c0ac1e3166";

    private static TokenPolicy policy(AuthRule rule, String pushPassword) {
        return new TokenPolicy(
                Live.of(new AuthSettings(new AuthSecret("k1", "pass+word", pushPassword), rule, rule, rule)));
    }

    private static Access check(TokenPolicy policy, Action action, String protocol, Credentials credentials) {
        Peer peer = new Peer("1", protocol, InetAddress.getLoopbackAddress(), 1);
        return policy.check(new AccessRequest(action, new StreamKey("live", "test"), peer, credentials))
                .toCompletableFuture()
                .join();
    }

    private static Credentials query(String query) {
        return new Credentials(query, "");
    }

    @Test
    void simpleTokenIsThePassword() {
        TokenPolicy policy = policy(SIMPLE, "");
        assertThat(check(policy, Action.PLAY, "rtmp", query("a=b&token=pass%2Bword")))
                .isEqualTo(Access.PROVEN);
        assertThat(check(policy, Action.PLAY, "ws-flv", query("token=pass+word")))
                .isEqualTo(Access.PROVEN);
        assertThat(check(policy, Action.PUBLISH, "rtmp", query("token=pass+word")))
                .isEqualTo(Access.PROVEN);
        assertThat(check(policy, Action.PLAY, "hls", new Credentials("", "pass+word")))
                .isEqualTo(Access.PROVEN);
    }

    @Test
    void thePasswordOfALoginIsTheToken() {
        Credentials login = new Credentials("", "", "pass+word"::equals);
        Credentials md5 = new Credentials("", "", MD5_OF_K1_TEST::equals);
        assertThat(check(policy(SIMPLE, ""), Action.PUBLISH, "rtmp", login)).isEqualTo(Access.PROVEN);
        assertThat(check(policy(SIMPLE, "push"), Action.PUBLISH, "rtmp", login)).isEqualTo(Access.DENIED);
        assertThat(check(policy(MD5, ""), Action.PUBLISH, "rtmp", md5)).isEqualTo(Access.PROVEN);
        assertThat(check(policy(MD5, ""), Action.PUBLISH, "rtmp", login)).isEqualTo(Access.DENIED);
        Credentials anything = new Credentials("", "", password -> true);
        TokenPolicy none =
                new TokenPolicy(Live.of(new AuthSettings(new AuthSecret("", "", ""), SIMPLE, SIMPLE, SIMPLE)));
        assertThat(check(none, Action.PUBLISH, "rtmp", anything)).isEqualTo(Access.DENIED);
    }

    @Test
    void wrongMissingAndBrokenTokensAreDeniedAndCounted() {
        TokenPolicy policy = policy(SIMPLE, "");
        for (String query : new String[] {"", "token=", "token=%zz", "token=nope", "xtoken=pass+word", "token"}) {
            assertThat(check(policy, Action.PLAY, "http-flv", query(query)))
                    .as(query)
                    .isEqualTo(Access.DENIED);
        }
        assertThat(policy.denied()).isEqualTo(6);
    }

    @Test
    void playTokenDoesNotPublishWhereThereIsAPushPassword() {
        TokenPolicy simple = policy(SIMPLE, "push");
        assertThat(check(simple, Action.PUBLISH, "rtmp", query("token=pass+word")))
                .isEqualTo(Access.DENIED);
        assertThat(check(simple, Action.PUBLISH, "rtmp", query("token=push"))).isEqualTo(Access.PROVEN);
        assertThat(check(simple, Action.PLAY, "rtmp", query("token=push"))).isEqualTo(Access.DENIED);
        TokenPolicy md5 = policy(MD5, "push");
        assertThat(check(md5, Action.PLAY, "rtmp", query("token=" + MD5_OF_K1_TEST)))
                .isEqualTo(Access.PROVEN);
        assertThat(check(md5, Action.PUBLISH, "rtmp", query("token=" + MD5_OF_K1_TEST)))
                .isEqualTo(Access.DENIED);
    }

    @Test
    void md5TokenIsTheHashOfKeyAndName() {
        TokenPolicy policy = policy(MD5, "");
        assertThat(check(policy, Action.PLAY, "hls", query("token=" + MD5_OF_K1_TEST)))
                .isEqualTo(Access.PROVEN);
        assertThat(check(
                        policy,
                        Action.PUBLISH,
                        "rtmp",
                        query("token=" + MD5_OF_K1_TEST.toUpperCase(java.util.Locale.ROOT))))
                .isEqualTo(Access.PROVEN);
        assertThat(check(policy, Action.PLAY, "hls", query("token=k1test"))).isEqualTo(Access.DENIED);
    }

    @Test
    void protocolsWithoutAuthAreOpen() {
        AuthRule off = AuthRule.defaults();
        TokenPolicy policy = new TokenPolicy(Live.of(new AuthSettings(new AuthSecret("", "", ""), off, SIMPLE, off)));
        assertThat(check(policy, Action.PUBLISH, "rtmp", Credentials.NONE)).isEqualTo(Access.GRANTED);
        assertThat(check(policy, Action.PLAY, "hls", Credentials.NONE)).isEqualTo(Access.GRANTED);
        assertThat(check(policy, Action.PLAY, "http-flv", Credentials.NONE)).isEqualTo(Access.DENIED);
        assertThat(check(policy, Action.PLAY, "http-ts", Credentials.NONE)).isEqualTo(Access.DENIED);
    }

    @Test
    void asksThoseWhoNeedATokenAndFindsItInTheQueryAsItCame() {
        AuthRule off = AuthRule.defaults();
        AuthRule players = new AuthRule(true, false, AuthAlgorithm.SIMPLE);
        TokenPolicy policy =
                new TokenPolicy(Live.of(new AuthSettings(new AuthSecret("", "x", ""), SIMPLE, players, off)));
        assertThat(policy.asks(Action.PLAY, "rtmp")).isTrue();
        assertThat(policy.asks(Action.PLAY, "ws-flv")).isTrue();
        assertThat(policy.asks(Action.PUBLISH, "http-flv")).isFalse();
        assertThat(policy.asks(Action.PLAY, "hls")).isFalse();
        assertThat(AccessPolicy.OPEN.asks(Action.PLAY, "hls")).isFalse();
        assertThat(policy.credential("a=b&token=pass%2Bword&token=c")).isEqualTo("token=pass%2Bword");
        assertThat(policy.credential("atoken=b")).isEmpty();
        assertThat(policy.credential("")).isEmpty();
    }

    @Test
    void anEmptySecretNeverMatches() {
        TokenPolicy policy =
                new TokenPolicy(Live.of(new AuthSettings(new AuthSecret("", "", ""), SIMPLE, SIMPLE, SIMPLE)));
        assertThat(check(policy, Action.PLAY, "rtmp", Credentials.NONE)).isEqualTo(Access.DENIED);
    }

    /** How long an answer takes must not tell how much of a token was right; a stop-watch in a test would be luck. */
    @Test
    void tokensAreComparedInConstantTime() throws Exception {
        List<String> calls = new ArrayList<>();
        try (InputStream in = TokenPolicy.class.getResourceAsStream("TokenPolicy.class")) {
            ClassModel compiled = ClassFile.of().parse(in.readAllBytes());
            for (MethodModel method : compiled.methods()) {
                if (method.methodName().equalsString("ruleOf")) {
                    continue; // compares names of protocols
                }
                method.code()
                        .ifPresent(code -> code.forEach(element -> {
                            if (element instanceof InvokeInstruction call) {
                                calls.add(call.owner().asInternalName() + "."
                                        + call.name().stringValue());
                            }
                        }));
            }
        }
        assertThat(calls)
                .contains("java/security/MessageDigest.isEqual")
                .noneMatch(call -> call.matches(
                        "java/(lang/(String|CharSequence|Object)|util/(Arrays|Objects))\\.(equals.*|contentEquals|"
                                + "compare.*|startsWith|endsWith|regionMatches|matches|mismatch|contains|indexOf)"));
    }

    @Test
    void secretsDoNotShow() {
        assertThat(policy(SIMPLE, "push").toString() + new AuthSecret("k", "p", "q") + query("token=x"))
                .doesNotContain("push")
                .doesNotContain("token=x");
    }

    @Test
    void aNewSecretCountsForTheNextRequest() {
        AuthRule off = AuthRule.defaults();
        Live<AuthSettings> settings = Live.of(new AuthSettings(new AuthSecret("", "", ""), off, off, off));
        TokenPolicy policy = new TokenPolicy(settings);
        assertThat(policy.asks(Action.PLAY, "rtmp")).isFalse();
        settings.set(new AuthSettings(new AuthSecret("", "old", ""), SIMPLE, off, off));
        assertThat(policy.asks(Action.PLAY, "rtmp")).isTrue();
        assertThat(check(policy, Action.PLAY, "rtmp", query("token=old"))).isEqualTo(Access.PROVEN);
        settings.set(new AuthSettings(new AuthSecret("", "new", ""), SIMPLE, off, off));
        assertThat(check(policy, Action.PLAY, "rtmp", query("token=old"))).isEqualTo(Access.DENIED);
        assertThat(check(policy, Action.PLAY, "rtmp", query("token=new"))).isEqualTo(Access.PROVEN);
    }
}
