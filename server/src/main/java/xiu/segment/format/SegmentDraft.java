package xiu.segment.format;

import io.netty.buffer.ByteBuf;

/**
 * A finished segment whose bytes are not made yet, because most segments are never asked for. Everything in it is
 * decided, also its size. It copies no samples, and holds the memory of the stream's log in which they are. One thread
 * at a time.
 */
public interface SegmentDraft {
    /** How many bytes the segment has. */
    int size();

    /** Memory that the draft holds, bytes. */
    long memory();

    /** Makes the segment's bytes, which the caller releases. The draft must not be used afterwards. */
    ByteBuf make();

    /** Releases the memory. The draft must not be used afterwards. */
    void release();
}
