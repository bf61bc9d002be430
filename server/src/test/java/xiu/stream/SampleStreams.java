package xiu.stream;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import xiu.stream.settings.LatencyMode;
import xiu.stream.settings.StreamLimits;
import xiu.stream.settings.StreamSettings;
import xiu.stream.settings.StreamSettings.OnConflict;

/** Settings, peers and publishers for tests. */
public final class SampleStreams {
    private SampleStreams() {}

    /** The defaults with a few changes. */
    public record Changes(
            OnConflict onConflict,
            long graceSeconds,
            int gops,
            int streams,
            long backlogBytes,
            long stallSeconds,
            int skips) {
        /** The defaults. */
        public Changes() {
            this(OnConflict.AUTO, 10, 1, 4_096, 8 << 20, 15, 20);
        }

        public Changes on(OnConflict newOnConflict) {
            return new Changes(newOnConflict, graceSeconds, gops, streams, backlogBytes, stallSeconds, skips);
        }

        public Changes grace(long seconds) {
            return new Changes(onConflict, seconds, gops, streams, backlogBytes, stallSeconds, skips);
        }

        public Changes gops(int newGops) {
            return new Changes(onConflict, graceSeconds, newGops, streams, backlogBytes, stallSeconds, skips);
        }

        public Changes streams(int most) {
            return new Changes(onConflict, graceSeconds, gops, most, backlogBytes, stallSeconds, skips);
        }

        public Changes viewers(long newBacklogBytes, long newStallSeconds, int newSkips) {
            return new Changes(onConflict, graceSeconds, gops, streams, newBacklogBytes, newStallSeconds, newSkips);
        }
    }

    /** Settings with changes. */
    public static StreamSettings settings(UnaryOperator<Changes> change) {
        Changes changes = change.apply(new Changes());
        StreamLimits limits = new StreamLimits(
                changes.streams,
                0,
                16 << 20,
                16_384,
                Duration.ofSeconds(30),
                changes.backlogBytes,
                Duration.ofSeconds(10),
                Duration.ofSeconds(changes.stallSeconds),
                changes.skips,
                0);
        return new StreamSettings(
                changes.onConflict,
                Duration.ofSeconds(changes.graceSeconds),
                Duration.ofSeconds(10),
                LatencyMode.LOW,
                List.of(),
                changes.gops,
                limits);
    }

    /** A peer at 127.0.0.{@code host}; 0: the server itself. */
    public static Peer peer(String id, int host) {
        return new Peer(id, "test", host == 0 ? null : address(host), 1);
    }

    private static InetAddress address(int host) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) host});
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** A publisher that remembers why its right was revoked. */
    public record SamplePublisher(Peer peer, List<EndReason> revoked) implements Publisher {
        public SamplePublisher(String id, int host) {
            this(SampleStreams.peer(id, host), new CopyOnWriteArrayList<>());
        }

        @Override
        public void onRevoked(EndReason reason) {
            revoked.add(reason);
        }
    }

    /** A watcher that remembers what it was told. */
    public static final class SampleWatcher implements LogWatcher {
        private final List<Growth> growths = new ArrayList<>();
        private @Nullable EndReason end;

        @Override
        public void onAppend(Growth growth) {
            growths.add(growth);
        }

        @Override
        public void onEnd(EndReason reason) {
            if (end != null) {
                throw new AssertionError("told twice: " + reason);
            }
            end = reason;
        }

        List<Growth> growths() {
            return growths;
        }

        @Nullable
        EndReason end() {
            return end;
        }
    }
}
