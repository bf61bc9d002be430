package xiu.media;

/** Where a demuxer writes what it finds. Confined to one thread at a time. */
public interface PacketOutput {
    /**
     * From here on the track with this id has this configuration. Calling it again with an equal track changes nothing.
     *
     * @param track the new or changed track
     */
    void configure(Track track);

    /**
     * The next coded frame, in decoding order per track.
     *
     * @param packet consumed
     */
    void write(MediaPacket packet);
}
