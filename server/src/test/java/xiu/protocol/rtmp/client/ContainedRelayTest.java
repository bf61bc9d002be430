package xiu.protocol.rtmp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.protocol.rtmp.RtmpLimits;
import xiu.protocol.rtmp.wire.MessageMemory;
import xiu.stream.Publication;
import xiu.stream.Publisher;
import xiu.stream.StreamKey;
import xiu.stream.relay.RelayEnd;
import xiu.stream.relay.StreamSource;
import xiu.transport.client.FarTrust;

/** A relay whose owner throws leaves no connection behind. */
class ContainedRelayTest {
    private final FarSide far = new FarSide(UnpooledByteBufAllocator.DEFAULT);

    @AfterEach
    void close() {
        far.close();
    }

    @Test
    void aConnectionIsClosedWhateverItsOwnerThrowsAtTheEnd() {
        Duration times = Duration.ofSeconds(10);
        RtmpDialer dialer = new RtmpDialer(
                far,
                RtmpLimits.defaults().chunks().sharing(new MessageMemory(Long.MAX_VALUE)),
                FarTrust.of(Optional.empty()),
                new ClientTimes(times, times, times));
        dialer.source(new StreamKey("live", "cam"), URI.create("rtmp://far/live/cam"), List.of())
                .start(new StreamSource.Events() {
                    @Override
                    public Publication connected(Publisher publisher) {
                        throw new IllegalStateException("planted");
                    }

                    @Override
                    public void ended(RelayEnd end) {
                        throw new StackOverflowError("planted");
                    }
                });
        far.settle();
        assertThat(far.isOpen()).isTrue();
        far.pass(21);
        assertThat(far.isOpen()).isFalse();
    }
}
