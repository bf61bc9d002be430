package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import xiu.protocol.rtmp.wire.RtmpMessage.SetChunkSize;
import xiu.protocol.rtmp.wire.RtmpMessage.WindowSize;

/** The messages that a link sends, and what was announced to the peer about them. Confined to the channel's event loop. */
final class LinkOutput {
    private static final int INITIAL_CHUNK_SIZE = 128;
    /** Bytes that may wait for a peer that does not read, besides the portion of a playback. */
    private static final long UNREAD = 4 << 20;

    private final ChannelHandlerContext context;
    private int chunkSize = INITIAL_CHUNK_SIZE;
    private int window;

    LinkOutput(ChannelHandlerContext context) {
        this.context = context;
    }

    /** Sends a message with the next flush; does nothing when the connection is gone. */
    void write(RtmpMessage message) {
        if (!context.channel().isActive()) {
            return;
        }
        if (context.channel().bytesBeforeWritable() > UNREAD) {
            // The peer sends requests and never reads an answer.
            context.close();
            return;
        }
        ByteBuf chunks = context.alloc().buffer();
        RtmpMessageEncoder.encode(message, chunkSize, chunks);
        context.write(chunks, context.voidPromise());
        switch (message) {
            case SetChunkSize size -> chunkSize = size.bytes();
            case WindowSize size -> window = size.bytes();
            default -> {}
        }
    }

    /** The acknowledgement window that was sent last; 0 while there was none. */
    int window() {
        return window;
    }
}
