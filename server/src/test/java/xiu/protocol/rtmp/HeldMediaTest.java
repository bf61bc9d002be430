package xiu.protocol.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import xiu.protocol.rtmp.wire.RtmpMessage.Data;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;

class HeldMediaTest {
    private final HeldMedia held = new HeldMedia(3, 10);

    private ByteBuf hold(int timestamp, int bytes) {
        ByteBuf body = Unpooled.buffer().writeZero(bytes);
        held.hold(new Data(1, timestamp, body));
        return body;
    }

    private List<Integer> drained() {
        List<Integer> times = new ArrayList<>();
        held.drain(media -> {
            times.add(media.timestamp());
            media.body().release();
        });
        return times;
    }

    @Test
    void holdsSoManyMessagesInOrder() {
        hold(0, 1);
        hold(1, 1);
        hold(2, 1);
        assertThat(hold(3, 1).refCnt()).as("given back").isZero();
        held.addLast(new Data(1, 4, Unpooled.buffer()));
        assertThat(drained()).containsExactly(0, 1, 2, 4);
        assertThat(drained()).isEmpty();
    }

    @Test
    void holdsSoManyBytes() {
        hold(0, 6);
        assertThat(hold(1, 5).refCnt()).as("given back").isZero();
        hold(2, 4);
        assertThat(drained()).containsExactly(0, 2);
    }

    @Test
    void givesBackWhatNobodyTakes() {
        hold(0, 1);
        Media last = new Data(1, 1, Unpooled.buffer());
        held.addLast(last);
        held.release();
        assertThat(last.body().refCnt()).isZero();
        assertThat(drained()).isEmpty();
    }
}
