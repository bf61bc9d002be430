package xiu.protocol.rtmp.wire;

/**
 * What a peer may send.
 *
 * @param chunkSize largest chunk size that it may announce, in bytes
 * @param mediaBytes longest audio, video, data or aggregate message, in bytes
 * @param commandBytes longest message of any other type, in bytes
 * @param chunkStreams chunk streams of one connection
 * @param memory what its unfinished messages share with those of others
 */
public record ChunkLimits(int chunkSize, int mediaBytes, int commandBytes, int chunkStreams, MessageMemory memory) {

    /** Limits of a connection that shares nothing. */
    public ChunkLimits(int chunkSize, int mediaBytes, int commandBytes, int chunkStreams) {
        this(chunkSize, mediaBytes, commandBytes, chunkStreams, new MessageMemory(Long.MAX_VALUE));
    }

    /** The same with a memory that others use as well. */
    public ChunkLimits sharing(MessageMemory shared) {
        return new ChunkLimits(chunkSize, mediaBytes, commandBytes, chunkStreams, shared);
    }
}
