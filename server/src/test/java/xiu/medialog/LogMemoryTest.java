package xiu.medialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xiu.medialog.memory.LogMemory;

class LogMemoryTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final LogMemory memory = new LogMemory(allocator, 1_000, 3);

    @AfterEach
    void nothingIsLeft() {
        memory.close();
        assertThat(memory.held()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void whatIsKeptIsGivenOutAgainFromItsBeginning() {
        ByteBuf first = memory.take(100, 100);
        first.writeZero(60);
        memory.keep(first);
        assertThat(memory.held()).isEqualTo(100);
        ByteBuf again = memory.take(80, 150);
        assertThat(again).isSameAs(first);
        assertThat(again.writableBytes()).isEqualTo(100);
        memory.free(again);
    }

    @ParameterizedTest
    @CsvSource({"101, 101", "10, 202", "10, 49"})
    void whatIsTooSmallOrMuchTooLargeIsNotGivenOutAndNotKept(int least, int usual) {
        memory.keep(memory.take(100, 100));
        ByteBuf other = memory.take(least, usual);
        assertThat(other.capacity()).isEqualTo(usual);
        assertThat(memory.held()).isEqualTo(usual);
        memory.free(other);
    }

    @Test
    void soManyPiecesAreKept() {
        List<ByteBuf> pieces = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            pieces.add(memory.take(100, 100));
        }
        pieces.forEach(memory::keep);
        assertThat(memory.held()).isEqualTo(300);
        assertThat(pieces).filteredOn(piece -> piece.refCnt() == 0).hasSize(2);
    }

    @Test
    void nothingIsKeptBeyondTheLimit() {
        ByteBuf large = memory.take(900, 900);
        ByteBuf one = memory.take(50, 50);
        ByteBuf two = memory.take(51, 51);
        memory.keep(one);
        assertThat(one.refCnt()).isZero();
        memory.keep(two);
        assertThat(two.refCnt()).isEqualTo(1);
        memory.free(large);
    }

    /** As a channel does that has not sent everything, and a segment that has not been cut. */
    @Test
    void memoryOfWhichSomebodyHasASliceIsGivenOutWhenThatIsReleased() {
        ByteBuf first = memory.take(100, 100);
        ByteBuf slice = first.writeZero(100).retainedSlice(0, 50);
        ByteBuf second = memory.take(100, 100);
        memory.keep(first);
        memory.keep(second.retain());
        ByteBuf third = memory.take(100, 100);
        assertThat(third).isNotSameAs(first).isNotSameAs(second);
        assertThat(memory.held()).isEqualTo(300);
        second.release();
        assertThat(memory.take(100, 100)).isSameAs(second);
        slice.release();
        assertThat(memory.take(100, 100)).isSameAs(first);
        List.of(first, second, third).forEach(memory::free);
    }

    @Test
    void whatSomebodyHoldsAtTheEndIsTheirs() {
        ByteBuf read = memory.take(100, 100).retain();
        memory.keep(read);
        memory.close();
        assertThat(memory.held()).isZero();
        assertThat(read.refCnt()).isEqualTo(1);
        read.release();
    }

    @Test
    void notMoreIsAwaitedThanTheLogMayHold() {
        List<ByteBuf> pieces = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            pieces.add(memory.take(100, 100).retain());
        }
        pieces.forEach(memory::keep);
        assertThat(memory.held()).isEqualTo(1_000);
        pieces.forEach(ByteBuf::release);
        memory.free(memory.take(100, 100));
        assertThat(memory.held()).isEqualTo(200);
    }

    @Test
    void aChunkThatAReaderHoldsIsNotRecycled() {
        ByteChunk read = new ByteChunk(memory.take(100, 100), memory, new ByteIndex(), 0, 0);
        assertThat(read.tryRetain()).isTrue();
        assertThat(read.readers()).isEqualTo(1);
        read.recycle();
        ByteBuf other = memory.take(100, 100);
        assertThat(other).isNotSameAs(read.buffer());
        read.release();
        assertThat(read.tryRetain()).isFalse();
        assertThat(memory.held()).isEqualTo(100);
        memory.free(other);
    }

    @Test
    void aChunkThatWasRecycledCannotBeHeld() {
        ByteChunk stale = new ByteChunk(memory.take(100, 100), memory, new ByteIndex(), 0, 0);
        stale.recycle();
        ByteChunk fresh = new ByteChunk(memory.take(100, 100), memory, new ByteIndex(), 100, 0);
        assertThat(fresh.buffer()).isSameAs(stale.buffer());
        assertThat(stale.tryRetain()).isFalse();
        fresh.release();
    }
}
