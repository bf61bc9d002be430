package xiu.media;

/** What an elementary stream carries. */
public enum TrackKind {
    VIDEO,
    AUDIO,
    /** Script data; its configuration is the stream's metadata. */
    DATA
}
