package xiu.protocol.rtmp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.bytes.LimitExceededException;

class MessageMemoryTest {
    private static final int MIB = 1 << 20;

    private final MessageMemory memory = new MessageMemory(8 * MIB);
    private final List<Holder> holders = new ArrayList<>();
    private long now;

    /** A connection of which we see whether it has been told to go. */
    private final class Holder {
        final ChunkDecoder decoder;
        int told;
        int messages;

        Holder(boolean publishes) {
            MessageMemory.Share share = memory.join(() -> now, () -> told++);
            share.publishes(publishes);
            decoder = new ChunkDecoder(
                    new ChunkLimits(16 * MIB - 1, 8 * MIB, 1 << 16, 8),
                    UnpooledByteBufAllocator.DEFAULT,
                    share,
                    (type, timestamp, id, body) -> {
                        messages++;
                        body.release();
                    });
            decoder.chunkSize(16 * MIB - 1);
            holders.add(this);
        }

        /** The beginning of a video message. */
        Holder begin(int length, int bytes) {
            decoder.decode(Unpooled.buffer()
                    .writeByte(6)
                    .writeMedium(0)
                    .writeMedium(length)
                    .writeByte(9)
                    .writeIntLE(1)
                    .writeZero(bytes));
            return this;
        }

        Holder go(int bytes) {
            ByteBuf more = Unpooled.buffer().writeZero(bytes);
            decoder.decode(more);
            return this;
        }
    }

    @AfterEach
    void everythingIsGivenBack() {
        holders.forEach(holder -> holder.decoder.close());
        assertThat(memory.held()).isZero();
    }

    private void pass(int millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private List<Integer> told() {
        return holders.stream().map(holder -> holder.told).toList();
    }

    @Test
    void whoDoesNotPublishGoesFirstAndWhoAskedGoesOn() {
        new Holder(false).begin(8 * MIB, 4 * MIB);
        new Holder(true).begin(4 * MIB, 2 * MIB);
        pass(2_000);
        Holder publisher = new Holder(true).begin(4 * MIB, 2 * MIB);
        pass(1_000);
        publisher.go(MIB);
        assertThat(told()).containsExactly(1, 0, 0);
        publisher.go(MIB);
        assertThat(publisher.messages).isEqualTo(1);
    }

    @Test
    void amongPublishersItIsWhoHoldsTheMostForTheLongest() {
        new Holder(true).begin(4 * MIB, 3 * MIB);
        pass(20_000);
        new Holder(true).begin(4 * MIB, 2 * MIB);
        pass(1_000);
        Holder last = new Holder(true).begin(4 * MIB, 2 * MIB);
        last.go(1);
        assertThat(told()).containsExactly(1, 0, 0);
    }

    @Test
    void aPublisherWithAUsualKeyFrameStaysWhateverTheSumIs() {
        List<Holder> publishers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            publishers.add(new Holder(true).begin(200_000, 150_000));
            pass(1_000);
        }
        assertThat(memory.held()).isGreaterThan(8 * MIB);
        assertThat(told()).containsOnly(0);
        // Those who are worth it still go.
        assertThatThrownBy(() -> new Holder(false).begin(8 * MIB, 4 * MIB)).isInstanceOf(LimitExceededException.class);
        assertThat(told().getLast()).isEqualTo(1);
        publishers.forEach(publisher -> publisher.go(50_000));
        assertThat(publishers).allMatch(publisher -> publisher.messages == 1);
    }

    @Test
    void aMomentOfACommandIsNotHeldAgainstWhoIsNew() {
        Holder hoarder = new Holder(true).begin(8 * MIB, 5 * MIB);
        pass(5_000);
        Holder visitor = new Holder(false).begin(5_000, 4_000);
        pass(900);
        new Holder(true).begin(4 * MIB, 3 * MIB).go(1);
        assertThat(told()).containsExactly(1, 0, 0);
        visitor.go(1_000);
        hoarder.decoder.close();
        // Nor is it as small as it is for ever.
        visitor.begin(5_000, 4_000);
        pass(1_100);
        new Holder(true).begin(8 * MIB, 4 * MIB + 1).go(1);
        assertThat(told()).containsExactly(1, 1, 1, 0);
    }

    @Test
    void enoughGoAtOnceAndWhoGoesIsCountedOut() {
        for (int i = 0; i < 8; i++) {
            new Holder(false).begin(2 * MIB, MIB / 2).go(1);
            pass(10);
        }
        int before = told().stream().mapToInt(Integer::intValue).sum();
        assertThat(before).isZero();
        new Holder(true).begin(2 * MIB, MIB / 2).go(1);
        // The oldest went, with as much as must be free: an eighth.
        assertThat(told().subList(0, 2)).containsExactly(1, 1);
        assertThat(told().subList(2, 9)).containsOnly(0);
        // They have not closed yet, and nobody else has to go for that.
        new Holder(true).begin(MIB / 2, MIB / 2 - 1);
        assertThat(told().subList(2, 10)).containsOnly(0);
        assertThatThrownBy(() -> holders.getFirst().go(1))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("bytes of all unfinished messages");
    }

    @Test
    void anAbortedMessageGivesItsMemoryBack() {
        Holder holder = new Holder(false).begin(MIB, 1_000);
        holder.decoder.abort(6);
        holder.go(0);
        assertThat(memory.held()).isZero();
        assertThat(holder.decoder.unfinished().age()).isZero();
    }

    @Test
    void anHonestPublisherGetsThroughAThousandHoarders() {
        Holder honest = new Holder(true);
        for (int i = 0; i < 1_000; i++) {
            Holder hoarder = new Holder(i % 2 == 0);
            pass(i % 20);
            honest.begin(MIB, MIB / 2);
            try {
                hoarder.begin(8 * MIB, MIB + 1);
            } catch (LimitExceededException e) {
                // It is the first to go itself.
            }
            pass(10);
            honest.go(MIB / 2);
            assertThat(memory.held()).isLessThan(14 * MIB);
            holders.stream().filter(holder -> holder.told > 0).forEach(holder -> holder.decoder.close());
            holders.removeIf(holder -> holder.told > 0);
        }
        assertThat(honest.told).isZero();
        assertThat(honest.messages).isEqualTo(1_000);
    }

    @Test
    void lessMemoryCountsAsSoonAsSomebodyWantsMore() {
        new Holder(false).begin(8 * MIB, 4 * MIB);
        Holder publisher = new Holder(true).begin(4 * MIB, 1 * MIB);
        pass(2_000);
        memory.resize(4 * MIB);
        assertThat(told()).containsExactly(0, 0);
        publisher.go(1);
        assertThat(told()).containsExactly(1, 0);
    }
}
