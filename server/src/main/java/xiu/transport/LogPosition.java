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

/**
 * A reader's place in a log of ready bytes: a chunk, which it holds, and an offset in it. It may also have no place,
 * while it waits for one. Confined to one thread.
 */
final class LogPosition {
    private final ByteLog log;
    private final Runnable onClose;
    private @Nullable ByteChunk chunk;
    private int offset;
    /** While there is no place: the lowest position at which the reader may begin, or the one at which it stopped. */
    private long from;
    /**
     * While there is no place: the stream's time, µs, from which on any place will do, because no key frame has come
     * for long.
     */
    private long patientUntil;

    /** A reader without a place; {@code onClose} gives the log back. */
    LogPosition(ByteLog log, Runnable onClose) {
        this.log = log;
        this.onClose = onClose;
    }

    /**
     * A reader of the stream's ready bytes in a format. Throws {@link xiu.stream.StreamException} when the stream has
     * too many formats.
     */
    static LogPosition of(MediaStream stream, WireFormat format) {
        ByteLog log = stream.byteLog(format);
        return new LogPosition(log, () -> stream.readers().leave(log));
    }

    ByteLog log() {
        return log;
    }

    /** Nothing more is read. Called once. */
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

    /** Moves to {@code at} and takes over its hold on the chunk. */
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

    /** Leaves its place and waits for one at {@code position} or later. */
    void await(long position) {
        leave();
        from = position;
        patientUntil = log.newestTime() + JoinRule.LONG_GROUP;
    }

    /** The place that it waited for, or null while there is none. */
    @Nullable
    JoinPoint awaited() {
        long newest = log.newestMark();
        if (newest >= from) {
            return log.joinAfter(from);
        }
        return newest >= 0 && log.newestTime() >= patientUntil ? log.join(1) : null;
    }

    /** Leaves its place and remembers where it was, so that the log may evict the chunk meanwhile. */
    void rest() {
        if (!isNone()) {
            from = position();
            leave();
        }
    }

    /**
     * Where to go on after {@link #rest}: at a key frame that has come since, or else where it stopped; null when that
     * is gone.
     */
    @Nullable
    JoinPoint afterRest() {
        return log.resume(from);
    }

    /** Moves to {@code newOffset} of the same chunk. */
    void moveTo(int newOffset) {
        offset = newOffset;
    }

    /** Moves to the beginning of the chunk that follows; false when that has been evicted. */
    boolean advance(ByteChunk next) {
        if (!next.tryRetain()) {
            return false;
        }
        leave();
        chunk = next;
        offset = 0;
        return true;
    }

    /** The position in the whole log, bytes from its beginning. */
    long position() {
        return chunk().base() + offset;
    }

    /** Bytes between this place and the end of the log; 0 without a place. */
    long behind() {
        return isNone() ? 0 : log.end() - position();
    }

    boolean isAtTheEnd() {
        ByteChunk here = chunk();
        return here.next() == null && offset == here.limit();
    }

    /**
     * Whether the reader is too far behind and there is a newer key frame. Without one, skipping would only lose more.
     */
    boolean shouldSkip(StreamLimits limits) {
        long position = position();
        return log.newestMark() > position
                && (behind() > limits.viewerBacklogBytes()
                        || log.newestTime() - chunk().timeAt(offset)
                                > limits.viewerBacklogTime().toNanos() / 1000);
    }
}
