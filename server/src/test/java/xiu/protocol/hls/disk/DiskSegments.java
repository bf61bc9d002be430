package xiu.protocol.hls.disk;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import xiu.protocol.hls.playlist.HlsPlaylist;

/** Segments for a disk, which does not look into them. */
final class DiskSegments {
    /** Bytes of each. */
    static final int SIZE = 2 * 188;

    private DiskSegments() {}

    /** Hands a stream so many segments of two seconds; the fourth byte of each is its number. */
    static List<HlsPlaylist.Entry> write(ByteBufAllocator allocator, DiskStream stream, long from, int count) {
        List<HlsPlaylist.Entry> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuf bytes = allocator.directBuffer(SIZE).writeZero(SIZE).setByte(3, (int) from + i);
            HlsPlaylist.Entry entry = new HlsPlaylist.Entry(from + i, 2_000_000, 1000L * i, false, true);
            made.add(entry);
            stream.segment(entry, bytes);
        }
        return made;
    }

    static HlsPlaylist playlist(List<HlsPlaylist.Entry> of, boolean ended) {
        return new HlsPlaylist(2, 0, of, ended);
    }

    /** The numbers of segments, for what is gone. */
    static List<Long> numbers(List<HlsPlaylist.Entry> of) {
        return of.stream().map(HlsPlaylist.Entry::number).toList();
    }
}
