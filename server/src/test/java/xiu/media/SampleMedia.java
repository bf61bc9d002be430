package xiu.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import xiu.codec.OpaqueConfig;

/** Packets whose content is a number, again and again, so that a byte of another packet shows. */
public final class SampleMedia {
    public static final Track METADATA = track(Track.METADATA_ID, TrackKind.DATA, "metadata");
    public static final Track VIDEO = track(Track.VIDEO_ID, TrackKind.VIDEO, "video header");
    public static final Track AUDIO = track(Track.AUDIO_ID, TrackKind.AUDIO, "audio header");

    private SampleMedia() {}

    /** A track with this header. */
    public static Track track(int id, TrackKind kind, String header) {
        return new Track(
                id,
                kind,
                new OpaqueConfig("test"),
                Unpooled.copiedBuffer(header.getBytes()).asReadOnly());
    }

    /** A packet of {@code longs * 8} bytes. */
    public static MediaPacket packet(Track track, long millis, boolean key, long number, int longs) {
        ByteBuffer bytes = ByteBuffer.allocate(longs * 8);
        for (int i = 0; i < longs; i++) {
            bytes.putLong(number);
        }
        // In one go, because the leak detector records every touch.
        ByteBuf body = ByteBufAllocator.DEFAULT.buffer(longs * 8).writeBytes(bytes.flip());
        return new MediaPacket(track, new MediaPacket.Time(millis * 1000, millis * 1000), key, body, 0);
    }

    /** A small packet whose number is its time. */
    public static MediaPacket packet(Track track, long millis, boolean key) {
        return packet(track, millis, key, millis, 2);
    }

    /** The number in a body, or an error when there is more than one. */
    public static long number(ByteBuf body) {
        ByteBuffer bytes = ByteBuffer.wrap(ByteBufUtil.getBytes(body));
        long first = bytes.getLong();
        while (bytes.hasRemaining()) {
            long other = bytes.getLong();
            if (other != first) {
                throw new AssertionError("a packet of " + first + " holds bytes of " + other);
            }
        }
        return first;
    }
}
