package xiu.segment.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xiu.check.MediaFeed;
import xiu.transport.memory.HeldBuffers;

class SegmentTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final Segment segment = Segments.of(allocator, 7, 50_000, 2000, false);
    private boolean released;

    @AfterEach
    void close() {
        if (!released) {
            segment.release();
        }
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void itIsCutOnceAndHasTheSizeThatWasSaid() {
        ByteBuf first = segment.tryRetain();
        ByteBuf second = segment.tryRetain();
        assertThat(first).isSameAs(second);
        assertThat(first.readableBytes()).isEqualTo(segment.size());
        // The draft is gone: the memory is the segment's, once.
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(segment.size());
        first.release(2);
    }

    @Test
    void manyThreadsThatAskAtOnceGetTheSameBytes() throws Exception {
        CompletableFuture<ByteBuf> other = CompletableFuture.supplyAsync(segment::tryRetain);
        ByteBuf mine = segment.tryRetain();
        ByteBuf theirs = other.get(10, TimeUnit.SECONDS);
        assertThat(mine).isNotNull().isSameAs(theirs);
        mine.release(2);
    }

    /** What several do at once goes wrong once in a thousand times; that one waits for the other shows each time. */
    @Test
    void whoAsksOrReleasesWaitsForWhoCuts() throws Exception {
        for (Runnable other : List.<Runnable>of(() -> segment.tryRetain().release(), segment::release)) {
            Thread thread = new Thread(other);
            synchronized (segment) {
                thread.start();
                await().until(() -> thread.getState() == Thread.State.BLOCKED);
            }
            thread.join();
        }
        released = true;
    }

    @Test
    void aDraftThatHoldsMuchMoreThanItNeedsIsCutAtOnce() {
        for (int memory : new int[] {200 << 10, 600 << 10}) {
            ByteBuf held = allocator.directBuffer(memory, memory);
            Segment made = Segments.of(allocator, 8, MediaFeed.picture(MediaFeed.AVC, 0, 0, true, 50_000), held);
            boolean draft = memory < made.size() * Segment.MOST_HELD;
            assertThat(held.refCnt()).isEqualTo(draft ? 2 : 1);
            made.release();
            held.release();
        }
    }

    @Test
    void oneThatWasNeverAskedForGivesItsDraftBack() {
        segment.release();
        released = true;
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(segment.tryRetain()).isNull();
    }

    @Test
    void oneThatIsGoneIsStillWholeForThoseWhoHoldIt() {
        ByteBuf held = segment.tryRetain();
        segment.release();
        released = true;
        assertThat(segment.tryRetain()).isNull();
        assertThat(held.getByte(0)).isEqualTo((byte) 0x47);
        held.release();
    }

    /** The memory ceiling knows of what slow clients hold, which no window does any more. */
    @Test
    void oneThatIsGoneIsCountedForAsLongAsSomebodyHoldsIt() {
        long before = HeldBuffers.ofProcess().bytes();
        ByteBuf held = segment.tryRetain();
        assertThat(HeldBuffers.ofProcess().bytes()).isEqualTo(before);
        segment.release();
        released = true;
        assertThat(HeldBuffers.ofProcess().bytes()).isEqualTo(before + segment.size());
        held.release();
        assertThat(HeldBuffers.ofProcess().bytes()).isEqualTo(before);
    }
}
