package xiu.stream;

/** The exclusive right to feed one stream. */
public final class Publication {}
