package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.SampleFormat;
import xiu.media.SampleMedia;
import xiu.medialog.ByteLog;
import xiu.medialog.LogSettings;
import xiu.stream.settings.StreamLimits;

/** When a reader is too far behind, by each of the two limits alone. */
class LogPositionTest {
    private static final int BACKLOG_BYTES = 64 << 10;
    private static final int BACKLOG_MILLIS = 10_000;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final ByteLog log =
            new ByteLog(SampleFormat.ALL, new LogSettings(1, 16 << 20, 10_000, 3_600_000_000L), allocator);
    private final LogPosition place = new LogPosition(log, () -> {});

    @AfterEach
    void close() {
        place.leave();
        log.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private static StreamLimits limits(long bytes, Duration time) {
        StreamLimits defaults = StreamLimits.defaults();
        return new StreamLimits(
                1,
                0,
                defaults.logBytes(),
                defaults.logPackets(),
                defaults.logDuration(),
                bytes,
                time,
                defaults.viewerStallTimeout(),
                0,
                0);
    }

    private static final StreamLimits BYTES = limits(BACKLOG_BYTES, Duration.ofHours(1));
    private static final StreamLimits TIME = limits(1 << 30, Duration.ofMillis(BACKLOG_MILLIS));

    private void append(long millis, boolean key, int bytes) {
        MediaPacket packet = SampleMedia.packet(SampleMedia.VIDEO, millis, key, 1, bytes / 8);
        log.append(packet);
        packet.release();
    }

    private void beginAtZero() {
        append(0, true, 80);
        place.enter(Objects.requireNonNull(log.join(1)));
    }

    @Test
    void tooManyBytesAreTooFar() {
        beginAtZero();
        append(1, true, BACKLOG_BYTES / 2);
        assertThat(place.shouldSkip(BYTES)).isFalse();
        append(2, true, BACKLOG_BYTES);
        assertThat(place.shouldSkip(BYTES)).isTrue();
        assertThat(place.shouldSkip(TIME)).isFalse();
    }

    @Test
    void tooMuchTimeIsTooFarHoweverFewBytes() {
        beginAtZero();
        append(BACKLOG_MILLIS, true, 80);
        assertThat(place.shouldSkip(TIME)).isFalse();
        append(BACKLOG_MILLIS + 1, true, 80);
        assertThat(place.shouldSkip(TIME)).isTrue();
        assertThat(place.shouldSkip(BYTES)).isFalse();
    }

    @Test
    void withoutANewerKeyFrameThereIsNowhereToGo() {
        beginAtZero();
        append(2 * BACKLOG_MILLIS, false, 2 * BACKLOG_BYTES);
        assertThat(place.shouldSkip(TIME)).isFalse();
        assertThat(place.shouldSkip(BYTES)).isFalse();
        append(2 * BACKLOG_MILLIS, true, 80);
        assertThat(place.shouldSkip(TIME)).isTrue();
        assertThat(place.shouldSkip(BYTES)).isTrue();
    }
}
