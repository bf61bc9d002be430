package xiu.transport;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xiu.media.WireFormat;
import xiu.medialog.ByteChunk;
import xiu.medialog.ByteLog;
import xiu.medialog.JoinPoint;
import xiu.medialog.join.JoinRule;
import xiu.stream.MediaStream;
import xiu.stream.settings.StreamLimits;

/** A reader's place in the ready bytes: a chunk, which it holds, and an offset; or none. Confined to one thread. */
final class LogPosition {
    private final ByteLog log;
    private final Runnable onClose;
    private @Nullable ByteChunk chunk;
    private int offset;
    /** While there is none: where the next one must be, at the earliest, or where it stopped. */
    private long from;
    /** While there is none: when any place will do, because no key frame has come for long; the stream's time, µs. */
    private long patientUntil;

    /** No place yet; {@code onClose} gives the log back. */
    LogPosition(ByteLog log, Runnable onClose) {
        this.log = log;
        this.onClose = onClose;
    }

    /** In the stream's ready bytes of a format. Throws {@link xiu.stream.StreamException} when there are too many formats. */
    static LogPosition of(MediaStream stream, WireFormat format) {
        ByteLog log = stream.byteLog(format);
        return new LogPosition(log, () -> stream.readers().leave(log));
    }

    ByteLog log() {
        return log;
    }

    /** Nothing more is read; once. */
    void close() {
        leave();
        onClose.run();
    }

    boolean isNone() {
        return chunk == null;
    }

    ByteChunk chunk() {
        return Objects.requireNonNull(chunk);
    }

    int offset() {
        return offset;
    }

    /** Takes over the hold of {@code at}. */
    void enter(JoinPoint at) {
        leave();
        chunk = at.chunk();
        offset = at.offset();
    }

    void leave() {
        ByteChunk left = chunk;
        if (left != null) {
            chunk = null;
            left.release();
        }
    }

    /** Leaves it and waits for one at {@code position} or later. */
    void await(long position) {
        leave();
        from = position;
        patientUntil = log.newestTime() + JoinRule.LONG_GROUP;
    }

    /** What was waited for, or null while there is nothing. */
    @Nullable
    JoinPoint awaited() {
        long newest = log.newestMark();
        if (newest >= from) {
            return log.joinAfter(from);
        }
        return newest >= 0 && log.newestTime() >= patientUntil ? log.join(1) : null;
    }

    /** Leaves it for a while. */
    void rest() {
        if (!isNone()) {
            from = position();
            leave();
        }
    }

    /** Where to go on after a rest: at a key frame that has come since, or else where it stopped; null when that is gone. */
    @Nullable
    JoinPoint afterRest() {
        return log.resume(from);
    }

    /** Goes on to {@code newOffset} of the same chunk. */
    void moveTo(int newOffset) {
        offset = newOffset;
    }

    /** Goes on to the beginning of the chunk that follows; false when its memory is gone. */
    boolean advance(ByteChunk next) {
        if (!next.tryRetain()) {
            return false;
        }
        leave();
        chunk = next;
        offset = 0;
        return true;
    }

    /** Counted from the beginning of the log, bytes. */
    long position() {
        return chunk().base() + offset;
    }

    /** Bytes between it and the end of the log; 0 where there is no place. */
    long behind() {
        return isNone() ? 0 : log.end() - position();
    }

    boolean isAtTheEnd() {
        ByteChunk here = chunk();
        return here.next() == null && offset == here.limit();
    }

    /** Whether it is too far behind and there is a newer key frame; without one, skipping would only lose more. */
    boolean shouldSkip(StreamLimits limits) {
        long position = position();
        return log.newestMark() > position
                && (behind() > limits.viewerBacklogBytes()
                        || log.newestTime() - chunk().timeAt(offset)
                                > limits.viewerBacklogTime().toNanos() / 1000);
    }
}
