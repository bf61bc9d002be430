package xiu.container.flv;

/** What the body of an audio or video tag is. */
enum FlvContent {
    /** A decoder's configuration. */
    SEQUENCE_HEADER,
    /** A coded frame. */
    FRAME,
    /** Colour description or loudspeaker layout, beside the decoder's configuration. */
    DESCRIPTION,
    /** A command, or something newer than this code: passed on, but no frame. */
    OTHER,
    /** The end of a coded sequence. A publisher that comes back goes on with the same viewers, so it is not for them. */
    END_OF_SEQUENCE,
    /** Empty or cut off: nothing anybody could use. */
    NOTHING
}
