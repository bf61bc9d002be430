package xiu.protocol.hls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import xiu.check.MediaFeed;
import xiu.container.mpegts.TsDraft;
import xiu.container.mpegts.TsMuxer;
import xiu.media.MediaPacket;
import xiu.transport.memory.SendableBuffers;

/** Segments without a stream. */
final class Segments {
    /** The smallest there is: two tables. */
    static final int LEAST = 2 * 188;

    private Segments() {}

    /** A segment of two seconds that holds its tables only; their counters are the last four bits of its number. */
    static HlsSegment tables(ByteBufAllocator allocator, long number, long wallMillis, boolean independent) {
        return new HlsSegment(
                number,
                new HlsSegmenter.Cut(draft(allocator, 0, (int) number % 16), 2_000_000, wallMillis, false, independent),
                SendableBuffers.ofProcess());
    }

    /** A segment with one picture of about this many bytes, or none. */
    static HlsSegment of(ByteBufAllocator allocator, long number, int picture, long millis, boolean discontinuity) {
        return new HlsSegment(
                number,
                new HlsSegmenter.Cut(draft(allocator, picture, 0), millis * 1000, 0, discontinuity, true),
                SendableBuffers.ofProcess());
    }

    /** A segment with this picture, of which the body is copied into {@code memory}, as into that of a log. */
    static HlsSegment of(ByteBufAllocator allocator, long number, MediaPacket picture, ByteBuf memory) {
        ByteBuf body = memory.writeBytes(picture.bytes()).duplicate();
        TsMuxer muxer = new TsMuxer(allocator);
        muxer.begin(true, true);
        muxer.write(new MediaPacket(
                picture.track(),
                new MediaPacket.Time(picture.dts(), picture.pts()),
                picture.keyFrame(),
                body,
                picture.tagHeaderBytes()));
        picture.release();
        return new HlsSegment(
                number, new HlsSegmenter.Cut(muxer.finish(), 2_000_000, 0, false, true), SendableBuffers.ofProcess());
    }

    private static TsDraft draft(ByteBufAllocator allocator, int picture, int before) {
        TsMuxer muxer = new TsMuxer(allocator);
        for (int i = 0; i < before; i++) {
            muxer.begin(true, true);
            muxer.finish().release();
        }
        muxer.begin(true, true);
        if (picture > 0) {
            MediaPacket packet = MediaFeed.picture(MediaFeed.AVC, 0, 0, true, picture);
            muxer.write(packet);
            packet.release();
        }
        TsDraft draft = muxer.finish();
        return draft;
    }
}
