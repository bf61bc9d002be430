package xiu.medialog;

/**
 * How much of a stream its logs keep: the groups of pictures that a new player starts with and, within the limits, what
 * readers that are behind have not read yet; nothing else.
 *
 * @param gops groups of pictures that a new reader starts with; 0: none, it waits for a key frame
 * @param maxBytes bytes of media in one log
 * @param maxPackets packets in one log
 * @param maxDuration media time in one log, µs; only the newest place where readers can begin may be older
 */
public record LogSettings(int gops, long maxBytes, int maxPackets, long maxDuration) {}
