package xiu.protocol.rtmp.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import xiu.stream.AccessRequest.Proof;

/**
 * Asks publishers for a user and a password when they connect, in the dialogue that encoders know ({@code
 * authmod=adobe}; {@code llnw} for those that begin with it): {@code connect} is refused, and the client connects
 * again, first with its user, then with the answer to a challenge. The answer is not checked here, where the stream is
 * not known yet: it is passed on as a proof, which the access policy compares with the password for the stream. Any
 * thread.
 */
public final class LoginDialogue {
    private static final String REJECT = "[ AccessManager.Reject ] : [ ";
    private static final int LONGEST_USER = 64;

    private final Challenges challenges;

    /** The decision about a {@code connect}. */
    public sealed interface Decision {
        /**
         * Accepted.
         *
         * @param proof what the client has shown
         * @param query the rest of its query, without the login
         */
        record Passed(Proof proof, String query) implements Decision {}

        /**
         * Refused; the client may connect again.
         *
         * @param description which the client parses
         * @param failed whether the client had already answered
         */
        record Refused(String description, boolean failed) implements Decision {}
    }

    /** {@code clock}: ns from any beginning. */
    public LoginDialogue(LongSupplier clock) {
        this.challenges = new Challenges(clock);
    }

    /**
     * Decides about a publisher.
     *
     * @param app without its query
     * @param query what follows the app
     * @param address of the peer; challenges are counted by it
     */
    public Decision onConnect(String app, String query, Object address) {
        LoginQuery said = LoginQuery.parse(query);
        String mode = said.value("authmod");
        String user = said.value("user");
        if (said.has("token")) {
            return new Decision.Passed(Proof.NONE, query);
        }
        if (!mode.equals("adobe") && !mode.equals("llnw") || user.isEmpty()) {
            return new Decision.Refused(REJECT + "code=403 need auth; authmod=adobe ] : ", false);
        }
        if (user.length() > LONGEST_USER || user.chars().anyMatch(c -> c <= ' ' || c == 0x7F)) {
            return failed(mode, "nosuchuser");
        }
        if (!said.has("response")) {
            return new Decision.Refused(question(mode, challenges.issue(user, address)), false);
        }
        Proof proof = mode.equals("adobe") ? adobe(said) : llnw(said, app);
        return proof == null ? failed(mode, "authfailed") : new Decision.Passed(proof, said.withoutLogin());
    }

    private static Decision failed(String mode, String reason) {
        return new Decision.Refused(REJECT + "authmod=" + mode + " ] : ?reason=" + reason, true);
    }

    private static String question(String mode, Challenges.Challenge issued) {
        String parameters = mode.equals("adobe")
                ? "&salt=" + issued.salt() + "&challenge=" + issued.id() + "&opaque=" + issued.id()
                : "&nonce=" + issued.id();
        return REJECT + "authmod=" + mode + " ] : ?reason=needauth&user=" + issued.user() + parameters;
    }

    private @Nullable Proof adobe(LoginQuery said) {
        Challenges.Challenge asked = challenges.take(said.value("opaque"));
        if (asked == null || !asked.user().equals(said.value("user"))) {
            return null;
        }
        String own = said.value("challenge");
        return proof(
                asked.user(),
                said.value("response"),
                (user, password) -> LoginDigest.adobe(user, asked.salt(), password, asked.id(), own));
    }

    private @Nullable Proof llnw(LoginQuery said, String app) {
        Challenges.Challenge asked = challenges.take(said.value("nonce"));
        boolean fits = said.value("nc").equals(LoginDigest.NONCE_COUNT);
        if (asked == null || !fits || !asked.user().equals(said.value("user"))) {
            return null;
        }
        String own = said.value("cnonce");
        return proof(
                asked.user(),
                said.value("response"),
                (user, password) -> LoginDigest.llnw(user, password, app, asked.id(), own));
    }

    /** The response to a challenge for a user with a password. */
    private interface Response {
        String of(String user, String password);
    }

    /** Some clients compute with the name as it is escaped in the query, others with the plain name. */
    private static Proof proof(String user, String response, Response expected) {
        BiPredicate<String, String> fits = (name, password) -> MessageDigest.isEqual(
                expected.of(name, password).getBytes(StandardCharsets.UTF_8),
                response.getBytes(StandardCharsets.UTF_8));
        return password -> fits.test(user, password) | fits.test(LoginQuery.decoded(user), password);
    }
}
