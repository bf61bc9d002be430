package xiu.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import xiu.check.Damage;
import xiu.check.MediaFeed;
import xiu.check.TsCheck;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;

/** Any samples make a legal transport stream. */
@Tag("fuzz")
class SegmenterFuzzTest {
    private static final List<Track> TRACKS =
            List.of(MediaFeed.AVC, MediaFeed.OTHER_AVC, MediaFeed.HEVC, MediaFeed.AAC, MediaFeed.AAC_48, MediaFeed.MP3);

    @Test
    void damagedInputsDoNoHarm() {
        Damage.inflict(getClass(), "samples", this::samples);
    }

    /** A packet is its kind (one byte), the time since the last one and what composition adds (one each), and a length. */
    @FuzzTest(maxDuration = "60s")
    void samples(byte[] bytes) {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
        TsCheck check = TsCheck.withClockOfItsOwn();
        Segmenter segmenter = new Segmenter("live/test", SegmenterRun.SETTINGS, SegmenterRun.parts(allocator), cut -> {
            ByteBuf whole = cut.draft().make();
            check.segment(ByteBufUtil.getBytes(whole), true);
            whole.release();
        });
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        long time = 0;
        while (in.readableBytes() > 3) {
            int kind = in.readUnsignedByte();
            time += 10_000L * in.readUnsignedByte();
            int composition = 10_000 * in.readByte();
            ByteBuf body = in.readBytes(Math.min(in.readUnsignedByte(), in.readableBytes()));
            Track track = TRACKS.get(kind % TRACKS.size());
            boolean video = track.kind() == TrackKind.VIDEO;
            MediaPacket.Time at = new MediaPacket.Time(time, video ? time + composition : time);
            MediaPacket packet = new MediaPacket(track, at, video && kind >= 0x80, body, 0);
            segmenter.packet(packet);
            packet.release();
        }
        segmenter.end();
        segmenter.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
}
