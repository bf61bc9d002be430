package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

/** Tokens and passwords of tests: every one holds a mark, so that the logs can be searched for all of them at once. */
final class Secrets {
    private static final String MARK = "hush";

    private Secrets() {}

    /** Fails when a log has one, or what is computed of one. */
    static void assertUnlogged(XiuProcess... servers) {
        for (XiuProcess server : servers) {
            assertThat(server.log()).doesNotContain(MARK, "response=", "challenge=");
        }
    }
}
