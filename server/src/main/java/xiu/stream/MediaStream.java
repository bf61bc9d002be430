package xiu.stream;

/** One live stream. */
public final class MediaStream {}
