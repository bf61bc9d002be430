package xiu.protocol.rtmp.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.protocol.rtmp.login.LoginDialogue.Decision;
import xiu.stream.AccessRequest.Proof;

/** The server's half against the relays' half, and against clients that cheat. */
class LoginDialogueTest {
    private long now;
    private final LoginDialogue dialogue = new LoginDialogue(() -> now);

    private Decision connect(String query) {
        return dialogue.onConnect("live", query, "10.0.0.1");
    }

    private String refused(String query) {
        return ((Decision.Refused) connect(query)).description();
    }

    /** What a relay with this login comes to; null where it is refused for good. */
    private Proof proof(Login login, String begin) {
        LoginAnswers answers = new LoginAnswers(login, "live");
        String query = begin;
        for (int step = 0; step < 5; step++) {
            switch (connect(query)) {
                case Decision.Passed passed -> {
                    assertThat(passed.query()).isEqualTo("vhost=a");
                    return passed.proof();
                }
                case Decision.Refused refused -> {
                    // ffmpeg reads no more of it.
                    assertThat(refused.description()).hasSizeLessThan(255);
                    if (!(answers.to(refused.description()) instanceof LoginAnswers.Step.Again again)) {
                        return null;
                    }
                    query = "vhost=a" + again.query();
                }
            }
        }
        throw new AssertionError("a dialogue without end");
    }

    @ParameterizedTest
    @CsvSource({
        "user, vhost=a",
        "jo é&=+?%, vhost=a",
        "user, vhost=a?authmod=llnw&user=user",
        "jo é&=+?%, vhost=a?authmod=llnw&user=jo%20%C3%A9%26%3D%2B%3F%25"
    })
    void whoKnowsThePasswordCanShowIt(String user, String begin) {
        Proof proof = proof(new Login(user, "pass+wörd"), begin);
        assertThat(proof.knows("pass+wörd")).isTrue();
        assertThat(proof.knows("pass+word")).isFalse();
        assertThat(proof.knows("")).isFalse();
    }

    @Test
    void asksAsEncodersReadIt() {
        assertThat(refused("")).isEqualTo("[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ");
        assertThat(refused("authmod=adobe&user=u"))
                .matches("\\[ AccessManager\\.Reject ] : \\[ authmod=adobe ] : "
                        + "\\?reason=needauth&user=u&salt=[0-9a-f]{8}&challenge=([0-9a-f]{16})&opaque=\\1");
    }

    @Test
    void aTokenThatIsShownNeedsNoLogin() {
        assertThat(connect("vhost=a&token=t")).isEqualTo(new Decision.Passed(Proof.NONE, "vhost=a&token=t"));
    }

    private static String value(String description, String name) {
        Matcher found = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(description);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    private String answer(String question, String password) {
        String opaque = value(question, "opaque");
        String response = LoginDigest.adobe("u", value(question, "salt"), password, opaque, "0a1b2c3d");
        return "authmod=adobe&user=u&challenge=0a1b2c3d&response=" + response + "&opaque=" + opaque;
    }

    @Test
    void aChallengeIsGoodForOneAnswer() {
        String answer = answer(refused("authmod=adobe&user=u"), "pass");
        assertThat(connect(answer)).isInstanceOf(Decision.Passed.class);
        assertThat(connect(answer))
                .isEqualTo(new Decision.Refused(
                        "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed", true));
    }

    @Test
    void aChallengeIsGoodForHalfAMinuteAndItsUser() {
        String late = answer(refused("authmod=adobe&user=u"), "pass");
        String other = answer(refused("authmod=adobe&user=u"), "pass").replace("user=u", "user=v");
        assertThat(refused(other)).endsWith("?reason=authfailed");
        now += TimeUnit.SECONDS.toNanos(31);
        assertThat(refused(late)).endsWith("?reason=authfailed");
    }

    @Test
    void noTwoChallengesAreAlike() {
        assertThat(refused("authmod=adobe&user=u")).isNotEqualTo(refused("authmod=adobe&user=u"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authmod=adobe&user=u&response=",
                "authmod=adobe&user=u&response=x&opaque=made-up",
                "authmod=llnw&user=u&response=x&nonce=made-up&nc=00000001",
                "authmod=adobe&user=a b",
                "authmod=adobe&user=a\nb",
            })
    void whoMakesSomethingUpIsRefused(String query) {
        assertThat(((Decision.Refused) connect(query)).failed()).isTrue();
        assertThat(((Decision.Refused) connect("authmod=adobe&user=" + "u".repeat(65))).failed())
                .isTrue();
    }

    @Test
    void challengesAreBoundedAndOneAddressTakesOnlyItsShare() {
        Challenges challenges = new Challenges(() -> now);
        Challenges.Challenge honest = challenges.issue("u", "honest");
        for (int i = 0; i < 2 * Challenges.MOST; i++) {
            challenges.issue("u", "crowd");
        }
        assertThat(challenges.size()).isEqualTo(Challenges.OF_ONE_ADDRESS + 1);
        List<Challenges.Challenge> many = new ArrayList<>();
        for (int i = 0; i < 2 * Challenges.MOST; i++) {
            many.add(challenges.issue("u", i % 1_000));
        }
        assertThat(challenges.size()).isEqualTo(Challenges.MOST);
        assertThat(challenges.take(honest.id())).isEqualTo(honest);
        assertThat(challenges.take(many.getLast().id())).isEqualTo(many.getLast());
        now += TimeUnit.SECONDS.toNanos(31);
        challenges.issue("u", "a");
        challenges.issue("u", "b");
        challenges.issue("u", "c");
        assertThat(challenges.size()).isLessThanOrEqualTo(3);
    }
}
