package xiu.protocol.rtmp.login;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Shows the user and password of a URL to a far side that asks for them in the description of its refusal of {@code
 * connect}, as encoders do ({@code authmod=adobe}, {@code authmod=llnw}): the next connection names the user, the one
 * after that answers a challenge. Neither step is repeated, so that a far side cannot make us dial without end.
 */
public final class LoginAnswers {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CHALLENGE = "?reason=needauth";
    private static final int LONGEST = 2_000;

    private final @Nullable Login login;
    private final String app;
    private boolean named;
    private boolean answered;

    /** What to do after a refusal. */
    public sealed interface Step {
        /** Connect again with this query after the app and {@code tcUrl}. */
        record Again(String query) implements Step {}

        /** Another attempt would not help. */
        record GiveUp(String why) implements Step {}

        /** The far side does not ask for a user. */
        record NotAsked() implements Step {}
    }

    /**
     * Before the first refusal.
     *
     * @param login user and password, or null
     * @param app the far side's, without a query
     */
    public LoginAnswers(@Nullable Login login, String app) {
        this.login = login;
        this.app = app;
    }

    /** What to do after a refusal with this description. */
    public Step to(String description) {
        String asked = description.substring(0, Math.min(description.length(), LONGEST));
        String mode = asked.contains("authmod=adobe") ? "adobe" : asked.contains("authmod=llnw") ? "llnw" : "";
        if (mode.isEmpty()) {
            return new Step.NotAsked();
        }
        Login shown = login;
        if (shown == null) {
            return new Step.GiveUp("the far side asks for a user (expected: user:password@ before the host)");
        }
        int challenge = asked.indexOf(CHALLENGE);
        if (asked.contains("code=403 need auth") && !named && !answered) {
            named = true;
            return new Step.Again(named(mode, shown));
        }
        if (challenge >= 0 && !answered) {
            answered = true;
            return new Step.Again(answer(mode, shown, LoginQuery.parse(asked.substring(challenge + 1))));
        }
        return new Step.GiveUp("the far side refuses the user or the password");
    }

    private static String named(String mode, Login login) {
        return "?authmod=" + mode + "&user=" + LoginDigest.escaped(login.user());
    }

    private String answer(String mode, Login login, LoginQuery from) {
        String own = HexFormat.of().toHexDigits(RANDOM.nextInt());
        if (mode.equals("llnw")) {
            String nonce = from.value("nonce");
            String response = LoginDigest.llnw(login.user(), login.password(), app, nonce, own);
            return named(mode, login) + "&nonce=" + nonce + "&cnonce=" + own + "&nc=" + LoginDigest.NONCE_COUNT
                    + "&response=" + response;
        }
        String opaque = from.value("opaque");
        String challenge = from.has("opaque") ? opaque : from.value("challenge");
        String salt = from.value("salt");
        String response = LoginDigest.adobe(login.user(), salt, login.password(), challenge, own);
        return named(mode, login) + "&challenge=" + own + "&response=" + response
                + (from.has("opaque") ? "&opaque=" + opaque : "");
    }
}
