package xiu.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import xiu.container.flv.FlvTagFormat;
import xiu.container.flv.WebSocketFlvFormat;
import xiu.protocol.rtmp.wire.RtmpMessageFormat;

/** One frame to ready bytes, in each wire format. */
@State(Scope.Thread)
public class FormatBenchmark {
    /** How the format is called here. */
    @Param({"rtmp", "flv", "ws"})
    String format = "rtmp";

    /** Whether the packets have no tag headers, so that the format writes them. */
    @Param({"false", "true"})
    boolean plain;

    private MediaPacket key = BenchmarkMedia.picture(0);
    private MediaPacket picture = BenchmarkMedia.picture(1);
    private MediaPacket sound = BenchmarkMedia.sound(0);
    private final ByteBuf out = Unpooled.directBuffer(64 << 10);
    private PacketFormat wire = new FlvTagFormat();

    /** Chooses the format. */
    @Setup
    public void choose() {
        wire = switch (format) {
            case "rtmp" -> RtmpMessageFormat.playing(1);
            case "flv" -> new FlvTagFormat();
            case "ws" -> new WebSocketFlvFormat();
            default -> throw new IllegalArgumentException("format: " + format + " (expected: rtmp, flv or ws)");
        };
        if (plain) {
            key = BenchmarkMedia.plain(key);
            picture = BenchmarkMedia.plain(picture);
            sound = BenchmarkMedia.plain(sound);
        }
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
        key.release();
        picture.release();
        sound.release();
        out.release();
    }

    /** A key frame of 24 KB. */
    @Benchmark
    public int keyFrame() {
        return write(key);
    }

    /** Another picture, 3.4 KB. */
    @Benchmark
    public int picture() {
        return write(picture);
    }

    /** A sound of 340 bytes. */
    @Benchmark
    public int sound() {
        return write(sound);
    }

    private int write(MediaPacket packet) {
        wire.packet(packet, out.clear());
        return out.writerIndex();
    }
}
