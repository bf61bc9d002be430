package xiu.segment.format;

import io.netty.buffer.ByteBuf;

/**
 * A finished segment whose bytes are not made yet: most segments are never asked for. Everything in it is settled, its size
 * too; it holds the memory of the stream's log in which its samples lie, and copies none of them. One thread at a time.
 */
public interface SegmentDraft {
    /** How many bytes the segment has. */
    int size();

    /** Memory that the draft keeps from being used for something else, bytes. */
    long memory();

    /** The segment's bytes, which are the caller's; the draft is used up. */
    ByteBuf make();

    /** Gives the memory back; the draft must not be used afterwards. */
    void release();
}
