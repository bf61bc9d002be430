package xiu.container.flv;

import io.netty.buffer.ByteBuf;
import xiu.bytes.MalformedDataException;

/**
 * The header in front of the sample of a video tag: the classic one (Adobe FLV specification 10.1 §E.4.3.1) and the
 * extended one (Enhanced RTMP v2, "ExVideoTagHeader").
 *
 * @param content what follows the header
 * @param keyFrame a decoder can begin here; only set for frames
 * @param codec one of {@link FlvCodecs}
 * @param track the number of a multitrack body's track, or {@link ExHeader#SINGLE} or {@link ExHeader#MANY}
 * @param presentation how much later than the decoding time the presentation time is, µs; may be negative
 * @param offset where the rest begins, counted from the reader index
 */
record FlvVideoBody(FlvContent content, boolean keyFrame, int codec, int track, long presentation, int offset) {
    /** Set in the first byte of an extended header. */
    static final int EXTENDED = 0x80;

    private static final int KEY = 1;
    private static final int GENERATED_KEY = 4;
    private static final int COMMAND = 5;

    /** Packet type of frames that have no composition time, because it is 0. */
    static final int CODED_FRAMES_X = 3;

    static final int MULTITRACK = 6;
    private static final int METADATA = 4;
    private static final int MPEG2_TS_SEQUENCE_START = 5;

    /**
     * Reads a header.
     *
     * @param body borrowed; the indices stay
     */
    static FlvVideoBody parse(ByteBuf body) {
        if (!body.isReadable()) {
            return plain(FlvContent.NOTHING, false, 0, 0);
        }
        int first = body.getUnsignedByte(body.readerIndex());
        int frameType = first >> 4 & 7;
        if ((first & EXTENDED) == 0) {
            return classic(body, frameType, first & 0xF);
        }
        try {
            return extended(body, frameType);
        } catch (MalformedDataException cutOff) {
            return plain(FlvContent.NOTHING, false, 0, 0);
        }
    }

    private static FlvVideoBody classic(ByteBuf body, int frameType, int codecId) {
        boolean keyFrame = isKey(frameType);
        int length = body.readableBytes();
        int codec = FlvCodecs.ofVideoId(codecId);
        if (frameType == COMMAND) {
            return plain(FlvContent.OTHER, false, codec, length);
        }
        if (!FlvCodecs.hasPacketType(codec)) {
            return plain(length > 1 ? FlvContent.FRAME : FlvContent.NOTHING, keyFrame, codec, 1);
        }
        int packetType = length > 1 ? body.getUnsignedByte(body.readerIndex() + 1) : -1;
        if (packetType == ExHeader.SEQUENCE_END) {
            return plain(FlvContent.END_OF_SEQUENCE, false, codec, length);
        }
        if (length <= 5) {
            return plain(FlvContent.NOTHING, false, codec, length);
        }
        return switch (packetType) {
            case ExHeader.SEQUENCE_START -> plain(FlvContent.SEQUENCE_HEADER, false, codec, 5);
            case ExHeader.CODED_FRAMES -> {
                long presentation = 1000L * body.getMedium(body.readerIndex() + 2);
                yield new FlvVideoBody(FlvContent.FRAME, keyFrame, codec, ExHeader.SINGLE, presentation, 5);
            }
            default -> plain(FlvContent.OTHER, false, codec, length);
        };
    }

    private static FlvVideoBody extended(ByteBuf body, int frameType) {
        ExHeader header = new ExHeader(body);
        int length = body.readableBytes();
        // ffmpeg sends metadata with the frame type of commands; a real command has no codec.
        if (frameType == COMMAND && header.packetType() != METADATA) {
            return plain(FlvContent.OTHER, false, 0, length);
        }
        header.codec(MULTITRACK);
        FlvContent content = content(header.packetType());
        long presentation = header.nanos() / 1000;
        if (header.packetType() == ExHeader.CODED_FRAMES && FlvCodecs.hasCompositionTime(header.fourCc())) {
            presentation += 1000L * header.int24();
        }
        boolean hasRest = header.offset() < length;
        boolean keyFrame = content == FlvContent.FRAME && isKey(frameType);
        return switch (content) {
            case FRAME, SEQUENCE_HEADER, DESCRIPTION ->
                new FlvVideoBody(
                        hasRest ? content : FlvContent.NOTHING,
                        keyFrame && hasRest,
                        header.fourCc(),
                        header.track(),
                        presentation,
                        header.offset());
            case OTHER, END_OF_SEQUENCE, NOTHING ->
                new FlvVideoBody(content, false, header.fourCc(), header.track(), 0, length);
        };
    }

    private static FlvContent content(int packetType) {
        return switch (packetType) {
            case ExHeader.SEQUENCE_START, MPEG2_TS_SEQUENCE_START -> FlvContent.SEQUENCE_HEADER;
            case ExHeader.CODED_FRAMES, CODED_FRAMES_X -> FlvContent.FRAME;
            case ExHeader.SEQUENCE_END -> FlvContent.END_OF_SEQUENCE;
            case METADATA -> FlvContent.DESCRIPTION;
            default -> FlvContent.OTHER;
        };
    }

    private static boolean isKey(int frameType) {
        return frameType == KEY || frameType == GENERATED_KEY;
    }

    private static FlvVideoBody plain(FlvContent content, boolean keyFrame, int codec, int offset) {
        return new FlvVideoBody(content, keyFrame, codec, ExHeader.SINGLE, 0, offset);
    }
}
