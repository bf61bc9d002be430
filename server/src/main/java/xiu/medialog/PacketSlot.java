package xiu.medialog;

/**
 * A packet's place in a {@link PacketLog}.
 *
 * @param index of the packet in its chunk
 */
record PacketSlot(PacketChunk chunk, int index) {
    /** The packet's sequence. */
    long sequence() {
        return chunk.base() + index;
    }
}
