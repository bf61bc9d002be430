package xiu.segment.format;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import xiu.container.mpegts.TsDraft;
import xiu.container.mpegts.TsMuxer;
import xiu.media.MediaPacket;
import xiu.media.Track;

/** Segments of MPEG-TS (RFC 8216 §3.2), which every player of HLS takes. Any thread. */
public final class TsSegments implements SegmentFormat {
    /** The only instance. */
    public static final TsSegments FORMAT = new TsSegments();

    private TsSegments() {}

    @Override
    public String mediaType() {
        return "video/mp2t";
    }

    @Override
    public String suffix() {
        return ".ts";
    }

    @Override
    public boolean carries(Track track) {
        return TsMuxer.carries(track);
    }

    @Override
    public SegmentMuxer open(ByteBufAllocator allocator) {
        return new Muxer(new TsMuxer(allocator));
    }

    private record Muxer(TsMuxer muxer) implements SegmentMuxer {
        @Override
        public void begin(boolean restart, boolean withVideo) {
            muxer.begin(restart, withVideo);
        }

        @Override
        public boolean write(MediaPacket packet) {
            return muxer.write(packet);
        }

        @Override
        public void omit(MediaPacket packet) {
            muxer.omit(packet);
        }

        @Override
        public int bytes() {
            return muxer.bytes();
        }

        @Override
        public long memory() {
            return muxer.memory();
        }

        @Override
        public SegmentDraft finish() {
            return new Draft(muxer.finish());
        }

        @Override
        public void discard() {
            muxer.discard();
        }
    }

    private record Draft(TsDraft draft) implements SegmentDraft {
        @Override
        public int size() {
            return draft.size();
        }

        @Override
        public long memory() {
            return draft.memory();
        }

        @Override
        public ByteBuf make() {
            return draft.cut();
        }

        @Override
        public void release() {
            draft.release();
        }
    }
}
