package xiu.protocol.rtmp.wire;

/**
 * What a peer may send.
 *
 * @param chunkSize largest chunk size that it may announce, in bytes
 * @param mediaBytes longest audio, video, data or aggregate message, in bytes
 * @param commandBytes longest message of any other type, in bytes
 * @param chunkStreams chunk streams of one connection
 */
public record ChunkLimits(int chunkSize, int mediaBytes, int commandBytes, int chunkStreams) {}
