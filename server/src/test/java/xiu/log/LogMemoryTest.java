package xiu.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogMemoryTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final LogMemory memory = new LogMemory(allocator);

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

    @Test
    void whatIsTooSmallOrMuchTooLargeIsNotGivenOut() {
        memory.keep(memory.take(100, 100));
        ByteBuf larger = memory.take(101, 101);
        ByteBuf usual = memory.take(10, 202);
        ByteBuf small = memory.take(10, 49);
        assertThat(larger.capacity()).isEqualTo(101);
        assertThat(small.capacity()).isEqualTo(49);
        assertThat(memory.held()).isEqualTo(452);
        memory.free(larger);
        memory.free(usual);
        memory.free(small);
    }

    @Test
    void onePieceIsKept() {
        ByteBuf one = memory.take(100, 100);
        ByteBuf two = memory.take(100, 100);
        memory.keep(one);
        memory.keep(two);
        assertThat(memory.held()).isEqualTo(100);
        assertThat(two.refCnt()).isZero();
    }

    /** As a channel does that has not sent everything. */
    @Test
    void memoryOfWhichSomebodyHasASliceIsNotGivenOut() {
        ByteBuf first = memory.take(100, 100);
        ByteBuf slice = first.writeZero(100).retainedSlice(0, 50);
        memory.keep(first);
        ByteBuf other = memory.take(100, 100);
        assertThat(other).isNotSameAs(first);
        slice.release();
        memory.free(other);
    }

    @Test
    void aChunkThatAReaderHoldsIsNotRecycled() {
        ByteChunk read = new ByteChunk(memory.take(100, 100), memory, 0, 0);
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
        ByteChunk stale = new ByteChunk(memory.take(100, 100), memory, 0, 0);
        stale.recycle();
        ByteChunk fresh = new ByteChunk(memory.take(100, 100), memory, 100, 0);
        assertThat(fresh.buffer()).isSameAs(stale.buffer());
        assertThat(stale.tryRetain()).isFalse();
        fresh.release();
    }
}
