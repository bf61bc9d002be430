package xiu.codec.video;

/** The dynamic range of a picture, by the names that playlists use (RFC 8216bis §4.4.6.2, VIDEO-RANGE). */
public enum VideoRange {
    /** Standard: BT.709 and its relatives. */
    SDR,
    /** Hybrid log-gamma, of ARIB STD-B67 and BT.2100. */
    HLG,
    /** Perceptual quantisation, of SMPTE ST 2084 and BT.2100. */
    PQ
}
