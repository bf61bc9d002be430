package xiu.check;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives what tests wait for as long as a loaded machine may take; a wait ends when its condition holds. Only where the time is
 * what the test is about does it name one itself.
 */
public final class LongerWaits implements BeforeAllCallback {
    private static final Duration LONGEST = Duration.ofSeconds(40);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LONGEST);
    }
}
