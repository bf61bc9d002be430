package xiu.container.mpegts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import xiu.media.BenchmarkMedia;
import xiu.media.MediaPacket;

/** A segment of two seconds. */
@State(Scope.Thread)
public class TsMuxerBenchmark {
    private static final int SOUNDS = 94;
    private static final long SOUND_INTERVAL = 21_333;

    private final List<MediaPacket> packets = packets();
    private final TsMuxer muxer = new TsMuxer(PooledByteBufAllocator.DEFAULT);

    private static List<MediaPacket> packets() {
        List<MediaPacket> packets = new ArrayList<>();
        int sounds = 0;
        for (int i = 0; i < BenchmarkMedia.GOP; i++) {
            MediaPacket picture = BenchmarkMedia.picture(i);
            while (sounds < SOUNDS && sounds * SOUND_INTERVAL < picture.dts()) {
                packets.add(BenchmarkMedia.sound(sounds * SOUND_INTERVAL));
                sounds++;
            }
            packets.add(picture);
        }
        return packets;
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        packets.forEach(MediaPacket::release);
    }

    /** Pictures and sounds to a draft that nobody asks for. */
    @Benchmark
    public int draft() {
        TsDraft draft = mux();
        int bytes = draft.size();
        draft.release();
        return bytes;
    }

    /** Pictures and sounds to one buffer of transport packets. */
    @Benchmark
    public int segment() {
        ByteBuf segment = mux().cut();
        int bytes = segment.readableBytes();
        segment.release();
        return bytes;
    }

    private TsDraft mux() {
        muxer.begin(true, true);
        packets.forEach(muxer::write);
        return muxer.finish();
    }
}
