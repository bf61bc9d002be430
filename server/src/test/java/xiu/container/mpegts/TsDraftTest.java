package xiu.container.mpegts;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xiu.check.MediaFeed;
import xiu.check.TsCheck;
import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Time;

/** What a draft refers to: samples that lie where a log has them. */
class TsDraftTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final TsMuxer muxer = new TsMuxer(allocator);

    @AfterEach
    void nothingIsLeft() {
        muxer.discard();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    /** The packets of a second; their bodies are their own. */
    private static List<MediaPacket> second() {
        List<MediaPacket> packets = new ArrayList<>();
        for (int ms = 0; ms < 1_000; ms += 40) {
            packets.add(MediaFeed.picture(MediaFeed.AVC, ms, ms, ms == 0, 30 + ms * 3));
            packets.add(MediaFeed.sound(MediaFeed.AAC, ms * 1_000L, 30 + ms));
        }
        return packets;
    }

    /** The same packet with its body behind what {@code memory} holds, as a log's chunk has it. */
    private static MediaPacket within(ByteBuf memory, MediaPacket packet) {
        int start = memory.writerIndex();
        memory.writeBytes(packet.bytes());
        packet.release();
        ByteBuf body = memory.duplicate().setIndex(start, memory.writerIndex());
        return new MediaPacket(
                packet.track(), new Time(packet.dts(), packet.pts()), packet.keyFrame(), body, packet.tagHeaderBytes());
    }

    private byte[] expected() {
        TsMuxer other = new TsMuxer(allocator);
        other.begin(true, true);
        for (MediaPacket packet : second()) {
            other.write(packet);
            packet.release();
        }
        return bytes(other.finish());
    }

    private static byte[] bytes(TsDraft draft) {
        ByteBuf whole = draft.cut();
        byte[] bytes = ByteBufUtil.getBytes(whole);
        whole.release();
        return bytes;
    }

    @Test
    void whatLiesInOneBufferIsHeldOnceAndFoundAfterItsOwnerLetItGo() {
        ByteBuf memory = allocator.directBuffer(256 << 10, 256 << 10);
        muxer.begin(true, true);
        second().forEach(packet -> muxer.write(within(memory, packet)));
        assertThat(memory.refCnt()).isEqualTo(2);
        TsDraft draft = muxer.finish();
        assertThat(draft.memory()).isBetween(256L << 10, (256L << 10) + TsUnits.CHUNK);
        memory.release();
        assertThat(bytes(draft)).isEqualTo(expected());
    }

    @Test
    void eachBufferIsHeldAlsoWhenTheyTakeTurns() {
        List<ByteBuf> memory = List.of(allocator.directBuffer(64 << 10), allocator.directBuffer(64 << 10));
        muxer.begin(true, true);
        int turn = 0;
        for (MediaPacket packet : second()) {
            muxer.write(within(memory.get(turn++ / 3 % 2), packet));
        }
        TsDraft draft = muxer.finish();
        memory.forEach(ByteBuf::release);
        assertThat(bytes(draft)).isEqualTo(expected());
    }

    @Test
    void aSliceIsFoundByItsOwnIndices() {
        ByteBuf memory = allocator.directBuffer(64 << 10);
        muxer.begin(true, true);
        for (MediaPacket packet : second()) {
            MediaPacket inside = within(memory, packet);
            muxer.write(new MediaPacket(
                    inside.track(),
                    new Time(inside.dts(), inside.pts()),
                    inside.keyFrame(),
                    inside.bytes().slice(),
                    inside.tagHeaderBytes()));
        }
        TsDraft draft = muxer.finish();
        memory.release();
        assertThat(bytes(draft)).isEqualTo(expected());
    }

    @Test
    void whoForgetsASegmentHoldsNothing() {
        ByteBuf memory = allocator.directBuffer(64 << 10);
        muxer.begin(true, true);
        second().forEach(packet -> muxer.write(within(memory, packet)));
        muxer.discard();
        assertThat(memory.refCnt()).isEqualTo(1);
        second().forEach(packet -> muxer.write(within(memory, packet)));
        muxer.finish().release();
        assertThat(memory.refCnt()).isEqualTo(1);
        memory.release();
    }

    /** Units shorter and longer than what is referred to, in every mixture, over the borders of the draft's chunks. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void unitsOfAllSizesComeOutAsTheyWentIn(int seed) {
        Random random = new Random(seed);
        muxer.begin(true, true);
        List<byte[]> all = new ArrayList<>();
        for (int frame = 0; frame < 60; frame++) {
            ByteBuf body = allocator.directBuffer().writeZero(5);
            ByteBuf expected = allocator.directBuffer();
            expected.writeBytes(ByteBufUtil.decodeHexDump("0000000109f0"));
            if (frame == 0) {
                expected.writeBytes(ByteBufUtil.decodeHexDump("000000016742c01e95a00000000168ce3c80"));
            }
            for (int units = 1 + random.nextInt(12); units > 0; units--) {
                byte[] unit = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 20_000 : 130)];
                random.nextBytes(unit);
                unit[0] = (byte) (frame == 0 ? 0x65 : 0x41);
                body.writeInt(unit.length).writeBytes(unit);
                expected.writeMedium(1).writeBytes(unit);
            }
            all.add(ByteBufUtil.getBytes(expected));
            expected.release();
            MediaPacket packet =
                    new MediaPacket(MediaFeed.AVC, new Time(frame * 40_000L, frame * 40_000L), frame == 0, body, 5);
            muxer.write(packet);
            packet.release();
        }
        TsCheck.Segment segment = new TsCheck().segment(bytes(muxer.finish()), true);
        assertThat(segment.video()).hasSize(60);
        for (int frame = 0; frame < 60; frame++) {
            assertThat(segment.video().get(frame).payload()).isEqualTo(all.get(frame));
        }
    }
}
