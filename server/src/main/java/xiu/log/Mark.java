package xiu.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xiu.media.Track;
import xiu.media.WireFormat;

/** A place in a {@link ByteLog} where a reader can begin: a key frame. Guarded by the log. */
final class Mark {
    private final ByteChunk chunk;
    private final int offset;
    private final long time;
    private final List<Track> tracks;
    private byte @Nullable [] preamble;
    private byte @Nullable [] resync;

    /** A mark at {@code offset} of {@code chunk}, where these tracks hold. */
    Mark(ByteChunk chunk, int offset, long time, List<Track> tracks) {
        this.chunk = chunk;
        this.offset = offset;
        this.time = time;
        this.tracks = tracks;
    }

    ByteChunk chunk() {
        return chunk;
    }

    long position() {
        return chunk.base() + offset;
    }

    long time() {
        return time;
    }

    /** The point for one reader, or null when the chunk is gone. The preambles are made once for all readers. */
    @Nullable
    JoinPoint join(WireFormat format) {
        if (!chunk.tryRetain()) {
            return null;
        }
        byte[] first = preamble;
        byte[] again = resync;
        if (first == null || again == null) {
            first = bytes(format, true);
            again = bytes(format, false);
            preamble = first;
            resync = again;
        }
        return new JoinPoint(chunk, offset, first, again);
    }

    private byte[] bytes(WireFormat format, boolean begin) {
        ByteBuf out = Unpooled.buffer(1024);
        try {
            if (begin) {
                format.begin(tracks, out);
            }
            for (Track track : tracks) {
                format.configuration(track, time, out);
            }
            return ByteBufUtil.getBytes(out);
        } finally {
            out.release();
        }
    }
}
