package xiu.protocol.hls.disk;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.protocol.hls.playlist.HlsPlaylist;
import xiu.segment.SegmentListener;
import xiu.segment.window.Segment;
import xiu.segment.window.WindowState;
import xiu.stream.EndReason;

/** Passes the segments of one stream on to the disk. Confined to the stream's executor. */
public final class SegmentFiles implements SegmentListener {
    private final DiskStream disk;

    /** {@code disk}: where they are written. */
    public SegmentFiles(DiskStream disk) {
        this.disk = disk;
    }

    /** Always: it is not known here who watches the files. */
    @Override
    public boolean isAwaited() {
        return true;
    }

    @Override
    public boolean needsAll() {
        return true;
    }

    @Override
    public long firstNumber() {
        return disk.lastNumber() + 1;
    }

    @Override
    public void onSegment(Segment segment) {
        ByteBuf bytes = segment.tryRetain();
        if (bytes != null) {
            disk.segment(HlsPlaylist.Entry.of(segment), bytes);
        }
    }

    @Override
    public void onWindow(@Nullable WindowState state) {
        if (state != null) {
            disk.published(HlsPlaylist.of(state), List.of());
        }
    }

    @Override
    public void onGone(List<Segment> gone) {
        disk.published(null, gone.stream().map(Segment::number).toList());
    }

    @Override
    public void onEnd(EndReason reason) {
        disk.finish();
    }

    /** Deletes what is left of a stream that is not recorded; {@code gone}: its last segments. */
    public void erase(List<Segment> gone) {
        onGone(gone);
        disk.erase();
    }
}
