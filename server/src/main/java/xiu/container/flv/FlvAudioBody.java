package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;

/**
 * The header in front of the sample of an audio tag: the classic one (Adobe FLV specification 10.1 §E.4.2.1) and the
 * extended one (Enhanced RTMP v2, "ExAudioTagHeader").
 *
 * @param content what follows the header
 * @param codec one of {@link FlvCodecs}
 * @param track the number of a multitrack body's track, or {@link ExHeader#SINGLE} or {@link ExHeader#MANY}
 * @param presentation how much later than its timestamp the audio is presented, µs
 * @param offset where the rest begins, counted from the reader index
 */
record FlvAudioBody(FlvContent content, int codec, int track, long presentation, int offset) {
    /** SoundFormat of an extended header. */
    static final int EXTENDED = 9;

    static final int MULTITRACK = 5;
    private static final int MULTICHANNEL_CONFIG = 4;

    /**
     * Reads a header.
     *
     * @param body borrowed; the indices stay
     */
    static FlvAudioBody parse(ByteBuf body) {
        if (!body.isReadable()) {
            return plain(FlvContent.NOTHING, 0, 0);
        }
        int format = body.getUnsignedByte(body.readerIndex()) >> 4;
        if (format != EXTENDED) {
            return classic(body, FlvCodecs.ofAudioFormat(format));
        }
        try {
            return extended(body);
        } catch (MalformedDataException cutOff) {
            return plain(FlvContent.NOTHING, 0, 0);
        }
    }

    private static FlvAudioBody classic(ByteBuf body, int codec) {
        int length = body.readableBytes();
        if (codec != FlvCodecs.AAC) {
            return plain(length > 1 ? FlvContent.FRAME : FlvContent.NOTHING, codec, 1);
        }
        if (length <= 2) {
            return plain(FlvContent.NOTHING, codec, length);
        }
        return switch (body.getUnsignedByte(body.readerIndex() + 1)) {
            case ExHeader.SEQUENCE_START -> plain(FlvContent.SEQUENCE_HEADER, codec, 2);
            case ExHeader.CODED_FRAMES -> plain(FlvContent.FRAME, codec, 2);
            default -> plain(FlvContent.OTHER, codec, length);
        };
    }

    private static FlvAudioBody extended(ByteBuf body) {
        ExHeader header = new ExHeader(body);
        header.codec(MULTITRACK);
        FlvContent content = switch (header.packetType()) {
            case ExHeader.SEQUENCE_START -> FlvContent.SEQUENCE_HEADER;
            case ExHeader.CODED_FRAMES -> FlvContent.FRAME;
            case ExHeader.SEQUENCE_END -> FlvContent.END_OF_SEQUENCE;
            case MULTICHANNEL_CONFIG -> FlvContent.DESCRIPTION;
            default -> FlvContent.OTHER;
        };
        boolean hasRest = header.offset() < body.readableBytes();
        return switch (content) {
            case FRAME, SEQUENCE_HEADER, DESCRIPTION ->
                new FlvAudioBody(
                        hasRest ? content : FlvContent.NOTHING,
                        header.fourCc(),
                        header.track(),
                        header.nanos() / 1000,
                        header.offset());
            case OTHER, END_OF_SEQUENCE, NOTHING ->
                new FlvAudioBody(content, header.fourCc(), header.track(), 0, body.readableBytes());
        };
    }

    private static FlvAudioBody plain(FlvContent content, int codec, int offset) {
        return new FlvAudioBody(content, codec, ExHeader.SINGLE, 0, offset);
    }
}
