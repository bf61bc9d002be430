package xiu.transport.receive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class SharedHeapCopyTest {
    private static ByteBuf direct(String text) {
        return Unpooled.directBuffer(text.length()).writeBytes(text.getBytes(US_ASCII));
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(US_ASCII);
    }

    @Test
    void oneArrayServesOneReadAfterAnother() {
        ByteBuf read = direct("first");
        ByteBuf copy = SharedHeapCopy.of(read);
        assertThat(read.refCnt()).as("taken over").isZero();
        assertThat(text(copy)).isEqualTo("first");
        byte[] array = copy.array();
        copy.release();
        ByteBuf next = SharedHeapCopy.of(direct("second one"));
        assertThat(text(next)).isEqualTo("second one");
        assertThat(next.array()).isSameAs(array);
        next.release();
    }

    @Test
    void whatSomebodyHoldsStaysAsItIs() {
        ByteBuf held = SharedHeapCopy.of(direct("half a requ"));
        ByteBuf other = SharedHeapCopy.of(direct("another one's"));
        assertThat(text(held)).isEqualTo("half a requ");
        assertThat(text(other)).isEqualTo("another one's");
        held.release();
        other.release();
    }

    @Test
    void theBufferThatTheLoopReadsIntoIsCopiedFromWhereItsBytesAre() {
        ByteBuf read = SharedReceiveBuffer.ofThisLoop().retain();
        read.clear().writeBytes("xxx12345".getBytes(US_ASCII)).skipBytes(3);
        ByteBuf copy = SharedHeapCopy.of(read);
        assertThat(text(copy)).isEqualTo("12345");
        copy.release();
        assertThat(SharedReceiveBuffer.ofThisLoop().refCnt()).isEqualTo(1);
    }

    @Test
    void whatIsTooLargeOrHasAnArrayIsNoneOfItsBusiness() {
        String large = "l".repeat(5_000);
        ByteBuf copy = SharedHeapCopy.of(direct(large));
        assertThat(text(copy)).isEqualTo(large);
        copy.release();
        ByteBuf heap = Unpooled.copiedBuffer("heap", US_ASCII);
        assertThat(SharedHeapCopy.of(heap)).isSameAs(heap);
        heap.release();
    }
}
