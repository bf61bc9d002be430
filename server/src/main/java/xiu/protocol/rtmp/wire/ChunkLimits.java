package xiu.protocol.rtmp.wire;

import java.time.Duration;
import xiu.container.flv.amf.AmfLimits;

/**
 * What a peer may send.
 *
 * @param chunkSize largest chunk size that it may announce, in bytes
 * @param mediaBytes longest audio, video, data or aggregate message, in bytes
 * @param commandBytes longest message of any other type, in bytes
 * @param chunkStreams chunk streams of one connection
 * @param messageTimeout time from the first byte of a message to its last
 * @param amf what the values of a command may cost
 * @param memory shared with the unfinished messages of other connections
 */
public record ChunkLimits(
        int chunkSize,
        int mediaBytes,
        int commandBytes,
        int chunkStreams,
        Duration messageTimeout,
        AmfLimits amf,
        MessageMemory memory) {

    /** Limits of a connection that shares no memory and has no timeout. */
    public ChunkLimits(int chunkSize, int mediaBytes, int commandBytes, int chunkStreams) {
        this(
                chunkSize,
                mediaBytes,
                commandBytes,
                chunkStreams,
                Duration.ofHours(1),
                AmfLimits.defaults(),
                new MessageMemory(Long.MAX_VALUE));
    }

    /** The same limits with a memory that other connections share. */
    public ChunkLimits sharing(MessageMemory shared) {
        return new ChunkLimits(chunkSize, mediaBytes, commandBytes, chunkStreams, messageTimeout, amf, shared);
    }
}
