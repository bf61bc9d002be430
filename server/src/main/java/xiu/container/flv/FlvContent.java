package xiu.container.flv;

/** What the body of an audio or video tag contains. */
enum FlvContent {
    /** A decoder's configuration. */
    SEQUENCE_HEADER,
    /** A coded frame. */
    FRAME,
    /** Colour description or loudspeaker layout, beside the decoder's configuration. */
    DESCRIPTION,
    /** A command, or something that is newer than this code: passed on, but not as a frame. */
    OTHER,
    /** The end of a coded sequence. Not passed on, because the publisher may come back to the same viewers. */
    END_OF_SEQUENCE,
    /** Nothing that could be used: the body is empty or cut off. */
    NOTHING
}
