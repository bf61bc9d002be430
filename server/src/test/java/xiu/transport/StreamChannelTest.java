package xiu.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xiu.media.MediaPacket;
import xiu.media.SampleFormat;
import xiu.media.SampleMedia;
import xiu.medialog.ByteLog;
import xiu.medialog.LogSettings;
import xiu.stream.Peer;
import xiu.transport.send.SendProgress;
import xiu.transport.send.SlowReaders;

/** A player whose channel is one stream among others of a connection: whether it takes anything, its maker says. */
class StreamChannelTest {
    private static final Duration STALL = Duration.ofSeconds(20);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final ByteLog log =
            new ByteLog(SampleFormat.ALL, new LogSettings(1, 16 << 20, 10_000, 3_600_000_000L), allocator);
    private final LogPosition place = new LogPosition(log, () -> {});
    private final EmbeddedChannel connection = new EmbeddedChannel();
    private final Acknowledged acknowledged = new Acknowledged();
    private EmbeddedChannel stream;
    private Outlet outlet;
    private long now;

    /** What a version of HTTP with streams knows of one of them. */
    private static final class Acknowledged implements SendProgress {
        private boolean moves;
        private boolean inFlight;

        @Override
        public boolean moved() {
            return moves;
        }

        @Override
        public boolean isInFlight() {
            return inFlight;
        }

        @Override
        public long unwritten() {
            return 1_000;
        }
    }

    @BeforeEach
    void writeWhatGoesNowhere() {
        connection.attr(SlowReaders.key()).set(new SlowReaders(Duration.ofSeconds(3)));
        stream = new EmbeddedChannel(connection, DefaultChannelId.newInstance(), true, false);
        stream.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext context) {}
        });
        stream.attr(SendProgress.KEY).set(() -> acknowledged);
        outlet = new Outlet(stream, new Peer("http-1", "http-flv", null, 0), () -> {});
        MediaPacket packet = SampleMedia.packet(SampleMedia.VIDEO, 0, true, 1, 10);
        log.append(packet);
        packet.release();
        place.enter(Objects.requireNonNull(log.join(1)));
        outlet.send(place.chunk(), 0, place.chunk().limit());
        assertThat(outlet.isDraining()).isTrue();
        now = System.nanoTime();
    }

    @AfterEach
    void close() {
        stream.finishAndReleaseAll();
        connection.finishAndReleaseAll();
        place.leave();
        log.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    private boolean isStalledAfter(int seconds) {
        return outlet.isStalled(now + TimeUnit.SECONDS.toNanos(seconds), STALL);
    }

    @Test
    void oneThatIsAcknowledgedIsNotStalledAlthoughItsChannelKnowsOfNothing() {
        acknowledged.moves = true;
        for (int seconds = 1; seconds < 100; seconds++) {
            assertThat(isStalledAfter(seconds)).isFalse();
        }
        acknowledged.moves = false;
        assertThat(isStalledAfter(119)).isFalse();
        assertThat(isStalledAfter(120)).isTrue();
    }

    @Test
    void whoAcknowledgesNothingIsGoneAfterTheTimeOfItsConnection() {
        acknowledged.inFlight = true;
        assertThat(isStalledAfter(2)).isFalse();
        assertThat(isStalledAfter(4)).isTrue();
    }
}
