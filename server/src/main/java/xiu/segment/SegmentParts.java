package xiu.segment;

import io.netty.buffer.ByteBufAllocator;
import java.util.function.LongSupplier;
import xiu.segment.format.SegmentFormat;
import xiu.segment.window.SegmentNumbers;

/**
 * What the segments of all streams share.
 *
 * @param allocator of the segments' memory
 * @param wallMillis ms since 1970
 * @param nanoTime ns, never back
 */
public record SegmentParts(
        SegmentFormat format,
        ByteBufAllocator allocator,
        LongSupplier wallMillis,
        LongSupplier nanoTime,
        SegmentNumbers numbers,
        IdleBudget idle) {}
