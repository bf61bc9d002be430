package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;

/**
 * The part of the extended tag header that audio and video have in common (Enhanced RTMP v2, "ExVideoTagHeader" and
 * "ExAudioTagHeader"): modifiers, then the multitrack header or a codec's four-character code.
 *
 * <pre>
 * frame or format 4 | packet type 4
 * while packet type is ModEx:  size-1 8 (255: then size-1 16) | data | modifier type 4 | packet type 4
 * multitrack:  multitrack type 4 | packet type 4 | FourCC, unless there are many codecs
 *              per track: FourCC, when there are many codecs | track id 8 | size 24, when there are many tracks
 * otherwise:   FourCC
 * </pre>
 */
final class ExHeader {
    /** {@link #track} of a body that is not multitrack. */
    static final int SINGLE = -1;
    /** {@link #track} of a body that holds more than one track. */
    static final int MANY = -2;

    static final int SEQUENCE_START = 0;
    static final int CODED_FRAMES = 1;
    static final int SEQUENCE_END = 2;

    /** Multitrack type: the body holds the one track whose number stands in the header. */
    static final int ONE_TRACK = 0;

    private static final int MOD_EX = 7;
    private static final int TIMESTAMP_OFFSET_NANO = 0;
    private static final int MANY_TRACKS_MANY_CODECS = 2;

    private final ByteBuf body;
    private int index;
    private int packetType;
    private int fourCc;
    private int track = SINGLE;
    private int nanos;

    /**
     * Reads the modifiers.
     *
     * @param body borrowed; its first byte has the extended bit or format
     * @throws MalformedDataException when the body ends within
     */
    ExHeader(ByteBuf body) {
        this.body = body;
        this.index = body.readerIndex();
        packetType = uint8() & 0xF;
        while (packetType == MOD_EX) {
            modifier();
        }
    }

    private void modifier() {
        int size = uint8() + 1;
        if (size == 256) {
            size = uint16() + 1;
        }
        int data = index;
        require(size);
        index += size;
        int next = uint8();
        if (next >> 4 == TIMESTAMP_OFFSET_NANO && size >= 3) {
            nanos = body.getUnsignedMedium(data);
        }
        packetType = next & 0xF;
    }

    /** Reads what follows the modifiers: the code, or the multitrack header. */
    void codec(int multitrackType) {
        if (packetType == multitrackType) {
            multitrack();
        } else {
            fourCc = int32();
        }
    }

    private void multitrack() {
        int types = uint8();
        packetType = types & 0xF;
        int layout = types >> 4;
        if (layout > MANY_TRACKS_MANY_CODECS) {
            throw MalformedDataException.of("multitrack type", layout, "0 to 2");
        }
        fourCc = int32();
        track = uint8();
        if (layout != ONE_TRACK) {
            int size = int24() & 0xFFFFFF;
            require(size);
            if (index + size < body.writerIndex()) {
                track = MANY;
            }
        }
    }

    int packetType() {
        return packetType;
    }

    int fourCc() {
        return fourCc;
    }

    /** The track's number, or {@link #SINGLE} or {@link #MANY}. */
    int track() {
        return track;
    }

    /** What the modifiers add to the presentation time, ns. */
    int nanos() {
        return nanos;
    }

    /** The next 24 bits as a signed number. */
    int int24() {
        require(3);
        int value = body.getMedium(index);
        index += 3;
        return value;
    }

    /** Where the rest of the body begins, counted from the reader index. */
    int offset() {
        return index - body.readerIndex();
    }

    private int uint8() {
        require(1);
        int value = body.getUnsignedByte(index);
        index++;
        return value;
    }

    private int uint16() {
        require(2);
        int value = body.getUnsignedShort(index);
        index += 2;
        return value;
    }

    private int int32() {
        require(4);
        int value = body.getInt(index);
        index += 4;
        return value;
    }

    private void require(int count) {
        if (body.writerIndex() - index < count) {
            throw MalformedDataException.of(
                    "extended tag header", body.writerIndex() - index + " bytes left", "at least " + count);
        }
    }
}
