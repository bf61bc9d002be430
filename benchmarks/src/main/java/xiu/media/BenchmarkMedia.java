package xiu.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import xiu.codec.AacConfig;
import xiu.codec.AvcConfig;
import xiu.media.MediaPacket.Position;
import xiu.media.MediaPacket.Time;

/** Two seconds of a stream like that of the load tool: 30 pictures and 47 sounds a second, about 1 Mbit/s. */
public final class BenchmarkMedia {
    /** Pictures between two key frames. */
    public static final int GOP = 60;
    /** One picture's time, µs. */
    public static final long INTERVAL = 33_333;

    private static final int KEY_BYTES = 24_000;
    private static final int PICTURE_BYTES = 3_400;
    private static final int SOUND_BYTES = 340;
    private static final int VIDEO_TAG = 5;
    private static final int AUDIO_TAG = 2;

    /** H.264. */
    public static final Track VIDEO = new Track(
            Track.VIDEO_ID,
            TrackKind.VIDEO,
            AvcConfig.of(bytes("6742c01e95a0"), bytes("68ce3c80")),
            bytes("17000000000142c01effe100066742c01e95a001000468ce3c80"));

    /** AAC. */
    public static final Track AUDIO =
            new Track(Track.AUDIO_ID, TrackKind.AUDIO, AacConfig.lowComplexity(48_000, 2), bytes("af001190"));

    private BenchmarkMedia() {}

    /** The picture with this number; the caller releases it. */
    public static MediaPacket picture(long number) {
        boolean key = number % GOP == 0;
        int size = key ? KEY_BYTES : PICTURE_BYTES;
        ByteBuf body = Unpooled.directBuffer(VIDEO_TAG + size);
        body.writeByte(key ? 0x17 : 0x27).writeByte(1).writeMedium(0);
        body.writeInt(size - Integer.BYTES).writeByte(key ? 0x65 : 0x41);
        fill(body, VIDEO_TAG + size);
        long dts = number * INTERVAL;
        return new MediaPacket(VIDEO, new Time(dts, dts), key, body, VIDEO_TAG);
    }

    /** A sound at this time, µs; the caller releases it. */
    public static MediaPacket sound(long dts) {
        ByteBuf body = Unpooled.directBuffer(AUDIO_TAG + SOUND_BYTES);
        body.writeByte(0xAF).writeByte(1);
        fill(body, AUDIO_TAG + SOUND_BYTES);
        return new MediaPacket(AUDIO, new Time(dts, dts), false, body, AUDIO_TAG);
    }

    /** The same frame at another place and time, with a hold of its own on the bytes; the caller releases it. */
    public static MediaPacket again(MediaPacket packet, long sequence, long dts) {
        return new MediaPacket(
                        packet.track(),
                        new Time(dts, dts),
                        packet.keyFrame(),
                        packet.bytes().retain(),
                        packet.tagHeaderBytes())
                .placed(new Position(sequence, 0), 0);
    }

    /** The same frame as a sample alone; consumes and returns it. */
    static MediaPacket plain(MediaPacket packet) {
        Track track = packet.track();
        return new MediaPacket(
                new Track(track.id(), track.kind(), track.config()),
                new Time(packet.dts(), packet.pts()),
                packet.keyFrame(),
                packet.bytes().skipBytes(packet.tagHeaderBytes()));
    }

    /** No zero bytes, so that nothing looks like a start code. */
    private static void fill(ByteBuf body, int size) {
        while (body.writerIndex() < size) {
            body.writeByte(0x40 + body.writerIndex() % 64);
        }
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)).asReadOnly();
    }
}
