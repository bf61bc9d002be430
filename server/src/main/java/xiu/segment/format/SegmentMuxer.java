package xiu.segment.format;

import xiu.bytes.MalformedDataException;
import xiu.media.MediaPacket;

/** Packets of one stream to one segment after the other. Confined to one thread. */
public interface SegmentMuxer {
    /**
     * Begins a segment.
     *
     * @param restart it does not continue the previous one: its tracks are those that come in it
     * @param withVideo pictures are among them
     */
    void begin(boolean restart, boolean withVideo);

    /**
     * Adds a frame of a track that the format carries.
     *
     * @param packet borrowed; the segment may hold the buffer that its sample is in, which must not change any more
     * @return whether there was anything to add: a picture, audio
     * @throws MalformedDataException when it cannot be carried; the segment goes on without it
     */
    boolean write(MediaPacket packet);

    /**
     * Leaves a frame out, but reads parameter sets from it that later ones need.
     *
     * @param packet borrowed; of a track that the format carries
     * @throws MalformedDataException when it cannot be read
     */
    void omit(MediaPacket packet);

    /** How many bytes the segment has so far. */
    int bytes();

    /** Memory that the segment holds, bytes. */
    long memory();

    /** Ends the segment; the caller owns the draft. */
    SegmentDraft finish();

    /** Drops the open segment; the last call. */
    void discard();
}
