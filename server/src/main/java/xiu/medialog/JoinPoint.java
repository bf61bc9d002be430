package xiu.medialog;

/**
 * Where a reader of a {@link ByteLog} begins or goes on.
 *
 * @param chunk retained for the reader
 * @param offset the first byte to send, where a packet begins
 * @param preamble what a new reader gets first: the format's beginning, metadata and sequence headers; must not be
 *     changed
 * @param resync what a reader that skipped gets first: metadata and sequence headers; must not be changed
 */
public record JoinPoint(ByteChunk chunk, int offset, byte[] preamble, byte[] resync) {}
