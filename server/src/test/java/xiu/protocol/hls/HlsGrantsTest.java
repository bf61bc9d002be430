package xiu.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import xiu.stream.AccessPolicy.Granted;
import xiu.stream.AccessPolicy.Limits;
import xiu.stream.StreamKey;

/** How long a session of HLS goes on without being decided again. */
class HlsGrantsTest {
    private static final StreamKey KEY = new StreamKey("live", "test");
    private static final Granted ENDLESS = Granted.CREDENTIALS_SHOWN;

    private long nanos;
    private Instant wall = Instant.ofEpochSecond(1_000_000);
    private final HlsGrants grants = new HlsGrants(() -> nanos, () -> wall);

    private static HlsGrants.Session session(StreamKey key, String query, String bearer) {
        return new HlsGrants.Session(key, InetAddress.getLoopbackAddress(), query, bearer);
    }

    private void pass(long nanoseconds) {
        nanos += nanoseconds;
        wall = wall.plusNanos(nanoseconds);
    }

    @Test
    void aSessionIsAStreamAnAddressAndWhatWasShown() throws Exception {
        grants.remember(session(KEY, "token=a", "b"), ENDLESS);
        assertThat(grants.covers(session(KEY, "token=a", "b"))).isTrue();
        assertThat(grants.covers(session(new StreamKey("live", "other"), "token=a", "b")))
                .isFalse();
        assertThat(grants.covers(session(KEY, "token=b", "b"))).isFalse();
        assertThat(grants.covers(session(KEY, "token=a", ""))).isFalse();
        InetAddress other = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        assertThat(grants.covers(new HlsGrants.Session(KEY, other, "token=a", "b")))
                .isFalse();
        assertThat(session(KEY, "token=a", "b")).hasToString("session of live/test");
    }

    @Test
    void itEndsWhenItsGrantDoes() {
        grants.remember(session(KEY, "a", ""), new Granted(wall.plusSeconds(30), "", Limits.NONE, true));
        pass(29_999_999_999L);
        assertThat(grants.covers(session(KEY, "a", ""))).isTrue();
        pass(1);
        assertThat(grants.covers(session(KEY, "a", ""))).isFalse();
        assertThat(grants.size()).isZero();
    }

    @Test
    void itEndsWhenNothingIsAskedForAWhile() {
        grants.remember(session(KEY, "a", ""), ENDLESS);
        for (int i = 0; i < 10; i++) {
            pass(HlsGrants.IDLE_NANOS);
            assertThat(grants.covers(session(KEY, "a", ""))).isTrue();
        }
        pass(HlsGrants.IDLE_NANOS + 1);
        assertThat(grants.covers(session(KEY, "a", ""))).isFalse();
    }

    @Test
    void sessionsAreBoundedAndThoseThatAreOverMakeRoom() {
        for (int i = 0; i < HlsGrants.MOST + 10; i++) {
            grants.remember(session(KEY, Integer.toString(i), ""), ENDLESS);
        }
        assertThat(grants.size()).isEqualTo(HlsGrants.MOST);
        pass(HlsGrants.IDLE_NANOS + 1);
        grants.remember(session(KEY, "new", ""), ENDLESS);
        assertThat(grants.size()).isEqualTo(1);
        grants.remember(session(KEY, "x".repeat(HlsGrants.MOST_CREDENTIAL), ""), ENDLESS);
        grants.remember(session(KEY, "x".repeat(HlsGrants.MOST_CREDENTIAL), "y"), ENDLESS);
        assertThat(grants.size()).isEqualTo(2);
    }
}
