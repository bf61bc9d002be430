package xiu.segment.format;

import xiu.bytes.MalformedDataException;
import xiu.media.MediaPacket;

/** Packets of one stream to one segment after the other. Confined to one thread. */
public interface SegmentMuxer {
    /**
     * Begins a segment.
     *
     * @param restart it does not continue the last one: its tracks are those that come in it
     * @param withVideo pictures are among them
     */
    void begin(boolean restart, boolean withVideo);

    /**
     * Adds a frame of a track that the format carries.
     *
     * @param packet borrowed; the segment may hold the memory its body lies in, which must not change any more
     * @return whether there was anything to add: a picture, a sound
     * @throws MalformedDataException when it cannot be carried; the segment goes on without it
     */
    boolean write(MediaPacket packet);

    /**
     * Leaves a frame out, which may bring what those after it are decoded by.
     *
     * @param packet borrowed; of a track that the format carries
     * @throws MalformedDataException when it cannot be read
     */
    void omit(MediaPacket packet);

    /** How many bytes the segment has by now. */
    int bytes();

    /** Memory that the segment keeps from being used for something else, bytes. */
    long memory();

    /** Ends the segment; the draft is the caller's. */
    SegmentDraft finish();

    /** Forgets the segment that was begun; the last call to a muxer that has begun one. */
    void discard();
}
