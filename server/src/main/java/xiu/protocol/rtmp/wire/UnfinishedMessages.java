package xiu.protocol.rtmp.wire;

import java.util.ArrayList;
import java.util.List;
import xiu.bytes.LimitExceededException;

/** The incomplete messages of one connection. Confined to one thread. */
final class UnfinishedMessages {
    private final MessageMemory.Share share;
    private final long most;
    /** The oldest message first. */
    private final List<ChunkStream> streams = new ArrayList<>();

    private long bytes;
    private long now;

    /** Together they may hold twice the longest message; no encoder needs more. */
    UnfinishedMessages(MessageMemory.Share share, ChunkLimits limits) {
        this.share = share;
        this.most = 2L * Math.max(limits.mediaBytes(), limits.commandBytes());
    }

    /** Bytes have been received; all messages that begin among them count as begun at this moment. */
    void beginRead() {
        now = share.now();
    }

    void begin(ChunkStream stream) {
        stream.begun = now;
        streams.add(stream);
    }

    void reserve(int more) {
        bytes += more;
        if (bytes > most) {
            throw LimitExceededException.of("rtmp_media_bytes", "bytes of unfinished messages", bytes, most);
        }
    }

    /** The message on this chunk stream is complete, or will never be. */
    void end(ChunkStream stream) {
        bytes -= stream.reserved();
        streams.remove(stream);
    }

    /**
     * The bytes have been decoded. Messages that were begun and completed among them are not charged to the shared
     * memory.
     */
    void endRead() {
        share.hold(bytes, streams.isEmpty() ? 0 : streams.getFirst().begun);
    }

    /** Age of the oldest incomplete message, ns; 0 when there is none. */
    long age() {
        return streams.isEmpty() ? 0 : share.now() - streams.getFirst().begun;
    }

    /** Bytes of these messages that are still to come. */
    int missing() {
        int missing = 0;
        for (ChunkStream stream : streams) {
            missing += stream.missing();
        }
        return missing;
    }

    /** The connection is gone. */
    void close() {
        share.close();
        streams.clear();
    }
}
