package xiu.medialog;

import xiu.media.MediaPacket;
import xiu.media.MediaPacket.Entry;
import xiu.media.Track;

/** Everything about the packets of a chunk besides their bytes, in plain arrays. Written by the log's writer alone. */
final class PacketIndex {
    private static final Entry[] ENTRIES = Entry.values();
    private static final int ENTRY_BITS = 2;

    private final Track[] tracks;
    private final long[] dts;
    private final long[] pts;
    private final int[] epochs;
    private final int[] starts;
    private final int[] ends;
    /** How many bytes the tag header has; the lowest bits say whether a reader may begin with the packet. */
    private final int[] headers;

    /** An index for so many packets. */
    PacketIndex(int packets) {
        this.tracks = new Track[packets];
        this.dts = new long[packets];
        this.pts = new long[packets];
        this.epochs = new int[packets];
        this.starts = new int[packets];
        this.ends = new int[packets];
        this.headers = new int[packets];
    }

    int capacity() {
        return ends.length;
    }

    /** Sets the entry of a packet whose bytes begin at {@code start}. */
    void set(int index, MediaPacket packet, Entry entry, int start) {
        tracks[index] = packet.track();
        dts[index] = packet.dts();
        pts[index] = packet.pts();
        epochs[index] = packet.epoch();
        starts[index] = start;
        ends[index] = start + packet.bytes().readableBytes();
        headers[index] = packet.tagHeaderBytes() << ENTRY_BITS | entry.ordinal();
    }

    Track track(int index) {
        return tracks[index];
    }

    MediaPacket.Time time(int index) {
        return new MediaPacket.Time(dts[index], pts[index]);
    }

    long dts(int index) {
        return dts[index];
    }

    int epoch(int index) {
        return epochs[index];
    }

    /** Where the bytes begin. */
    int start(int index) {
        return starts[index];
    }

    /** Where the bytes end. */
    int end(int index) {
        return ends[index];
    }

    Entry entry(int index) {
        return ENTRIES[headers[index] & (1 << ENTRY_BITS) - 1];
    }

    int tagHeaderBytes(int index) {
        return headers[index] >>> ENTRY_BITS;
    }
}
