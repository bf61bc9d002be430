package xiu.bytes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class MpegCrc32Test {
    @Test
    void hasTheCheckValueOfItsKind() {
        ByteBuf digits = Unpooled.wrappedBuffer("123456789".getBytes(US_ASCII));
        assertThat(MpegCrc32.of(digits, 0, 9)).isEqualTo(0x0376E6E7);
    }

    @Test
    void isZeroOverBytesThatEndWithIt() {
        ByteBuf bytes = Unpooled.buffer().writeBytes("-section".getBytes(US_ASCII));
        bytes.writeInt(MpegCrc32.of(bytes, 1, 7));
        assertThat(MpegCrc32.of(bytes, 1, 11)).isZero();
    }
}
