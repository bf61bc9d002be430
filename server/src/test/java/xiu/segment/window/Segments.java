package xiu.segment.window;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import xiu.check.MediaFeed;
import xiu.media.MediaPacket;
import xiu.segment.format.SegmentDraft;
import xiu.segment.format.SegmentMuxer;
import xiu.segment.format.TsSegments;

/** Segments without a stream. */
public final class Segments {
    /** The smallest there is: two tables. */
    static final int LEAST = 2 * 188;

    private Segments() {}

    /** A segment of two seconds that holds its tables only; their counters are the last four bits of its number. */
    public static Segment tables(ByteBufAllocator allocator, long number, long wallMillis, boolean independent) {
        return new Segment(
                number,
                new SegmentCut(draft(allocator, 0, (int) number % 16), 2_000_000, wallMillis, false, independent));
    }

    /** A segment with one picture of about this many bytes, or none. */
    public static Segment of(ByteBufAllocator allocator, long number, int picture, long millis, boolean discontinuity) {
        return new Segment(number, new SegmentCut(draft(allocator, picture, 0), millis * 1000, 0, discontinuity, true));
    }

    /** A segment with this picture, of which the body is copied into {@code memory}, as into that of a log. */
    public static Segment of(ByteBufAllocator allocator, long number, MediaPacket picture, ByteBuf memory) {
        ByteBuf body = memory.writeBytes(picture.bytes()).duplicate();
        SegmentMuxer muxer = TsSegments.FORMAT.open(allocator);
        muxer.begin(true, true);
        muxer.write(new MediaPacket(
                picture.track(),
                new MediaPacket.Time(picture.dts(), picture.pts()),
                picture.keyFrame(),
                body,
                picture.tagHeaderBytes()));
        picture.release();
        return new Segment(number, new SegmentCut(muxer.finish(), 2_000_000, 0, false, true));
    }

    /** Gives its memory back, as its window does. */
    public static void release(Segment segment) {
        segment.release();
    }

    private static SegmentDraft draft(ByteBufAllocator allocator, int picture, int before) {
        SegmentMuxer muxer = TsSegments.FORMAT.open(allocator);
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
        SegmentDraft draft = muxer.finish();
        return draft;
    }
}
