package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import xiu.bytes.MalformedDataException;

/** Reads an FLV file, or the body of an HTTP response, into a demuxer, tag by tag. Confined to one thread. */
public final class FlvReader {
    /** Far larger than any frame of a live stream; RTMP has the same limit. */
    private static final int MAX_BODY = 8 << 20;

    private final FlvDemuxer demuxer;
    private int skip;
    private boolean begun;
    private @Nullable FlvTag tag;

    /** Feeds this demuxer. */
    public FlvReader(FlvDemuxer demuxer) {
        this.demuxer = demuxer;
    }

    /**
     * Reads all complete tags. The rest must be passed again, with more bytes behind it.
     *
     * @param in borrowed; the reader index moves
     * @throws MalformedDataException when this is no FLV, or a tag is longer than 8 MiB
     */
    public void read(ByteBuf in) {
        boolean more = true;
        while (more) {
            more = skip > 0 ? skip(in) : !begun ? header(in) : tag == null ? tag(in) : body(in, tag);
        }
    }

    private boolean skip(ByteBuf in) {
        int step = Math.min(skip, in.readableBytes());
        in.skipBytes(step);
        skip -= step;
        return skip == 0;
    }

    private boolean header(ByteBuf in) {
        if (in.readableBytes() < 9) {
            return false;
        }
        skip = FlvHeader.read(in).bytes() - 9;
        begun = true;
        return true;
    }

    private boolean tag(ByteBuf in) {
        if (in.readableBytes() < FlvTag.BYTES) {
            return false;
        }
        FlvTag next = FlvTag.read(in);
        if (next.bodyBytes() > MAX_BODY) {
            throw MalformedDataException.of("FLV tag", next.bodyBytes() + " bytes", "at most " + MAX_BODY);
        }
        tag = next;
        return true;
    }

    private boolean body(ByteBuf in, FlvTag next) {
        if (in.readableBytes() < next.bodyBytes()) {
            return false;
        }
        switch (next.type()) {
            case FlvTag.VIDEO -> demuxer.video(next.timestamp(), in.readBytes(next.bodyBytes()));
            case FlvTag.AUDIO -> demuxer.audio(next.timestamp(), in.readBytes(next.bodyBytes()));
            case FlvTag.SCRIPT -> demuxer.script(next.timestamp(), in.readBytes(next.bodyBytes()));
            default -> in.skipBytes(next.bodyBytes());
        }
        skip = FlvTag.TRAILER_BYTES; // many writers get its value wrong, and nothing needs it
        tag = null;
        return true;
    }
}
