package xiu.protocol.rtmp.wire;

import java.util.ArrayList;
import java.util.List;
import xiu.bytes.LimitExceededException;

/** The messages of one connection that have begun and are not whole. Confined to one thread. */
final class UnfinishedMessages {
    private final MessageMemory.Share share;
    private final long most;
    /** The oldest message first. */
    private final List<ChunkStream> streams = new ArrayList<>();

    private long bytes;
    private long now;

    /** Together they may hold two of the longest; what is beyond is nobody's encoder. */
    UnfinishedMessages(MessageMemory.Share share, ChunkLimits limits) {
        this.share = share;
        this.most = 2L * Math.max(limits.mediaBytes(), limits.commandBytes());
    }

    /** Bytes have come; the messages that begin among them all begin at this moment. */
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

    /** The message on this chunk stream is whole, or will never be. */
    void end(ChunkStream stream) {
        bytes -= stream.reserved();
        streams.remove(stream);
    }

    /** The bytes have been read. Messages that were begun and completed among them are never charged to the shared memory. */
    void endRead() {
        share.hold(bytes, streams.isEmpty() ? 0 : streams.getFirst().begun);
    }

    /** For how long the oldest has been unfinished, ns; 0 when there is none. */
    long age() {
        return streams.isEmpty() ? 0 : share.now() - streams.getFirst().begun;
    }

    /** Bytes of them that are still to come. */
    int missing() {
        int missing = 0;
        for (ChunkStream stream : streams) {
            missing += stream.missing();
        }
        return missing;
    }

    /** They are gone. */
    void close() {
        share.close();
        streams.clear();
    }
}
