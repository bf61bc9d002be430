package xiu.protocol.rtmp.wire.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of the handshake (RTMP 1.0 §5.2), simple or with digests. When C2 is complete it hands the channel
 * to the next handler, with the bytes that followed C2, and removes itself. A peer that does not begin like RTMP is
 * closed at its first byte, and one that takes too long at the deadline, each with one debug line.
 */
public final class HandshakeHandler extends ChannelInboundHandlerAdapter {
    /** Bytes that both ends have received when the handshake ends: C0, C1 and C2. */
    public static final int TOTAL_BYTES = 1 + 2 * HandshakeDigest.BYTES;

    private static final Logger log = LoggerFactory.getLogger(HandshakeHandler.class);
    private static final int BYTES = HandshakeDigest.BYTES;
    private static final int TLS_HANDSHAKE = 0x16;

    private final Duration timeout;
    private final Consumer<ChannelHandlerContext> done;
    private final Consumer<ChannelHandlerContext> late;
    private final byte[] packet = new byte[BYTES];
    private int held;
    private boolean versionSeen;
    private boolean answered;
    private @Nullable Future<?> deadline;

    /**
     * A handler for one connection.
     *
     * @param done called once, on the event loop; adds the next handlers behind this one
     * @param late called, on the event loop, when the deadline has passed
     */
    public HandshakeHandler(
            Duration timeout, Consumer<ChannelHandlerContext> done, Consumer<ChannelHandlerContext> late) {
        this.timeout = timeout;
        this.done = done;
        this.late = late;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> expire(context), timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expire(ChannelHandlerContext context) {
        late.accept(context);
        refuse(context, "timed out");
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        boolean handedOn = false;
        try {
            if (context.channel().isActive() && readVersion(context, in) && readPackets(context, in)) {
                handedOn = true;
                done.accept(context);
                context.fireChannelRead(in);
                context.pipeline().remove(this);
            }
        } finally {
            if (!handedOn) {
                ReferenceCountUtil.release(in);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            refuse(context, String.valueOf(cause.getMessage()));
        } else {
            log.warn("event=handshake_failed peer={}", context.channel().remoteAddress(), cause);
            context.close();
        }
    }

    private boolean readVersion(ChannelHandlerContext context, ByteBuf in) {
        if (versionSeen || !in.isReadable()) {
            return versionSeen;
        }
        int version = in.readUnsignedByte();
        versionSeen = version == HandshakeAnswer.VERSION;
        if (!versionSeen) {
            refuse(
                    context,
                    switch (version) {
                        case TLS_HANDSHAKE -> "TLS on a plain RTMP port";
                        case 'G', 'P', 'H', 'O', 'D', 'C' -> "not RTMP, perhaps HTTP";
                        case 6, 8 -> "encrypted RTMP (RTMPE) is not supported";
                        // The specification wants an answer of version 3 here; no client that is in use knows another
                        // version.
                        default -> "version: " + version + " (expected: 3)";
                    });
        }
        return versionSeen;
    }

    /** Whether the handshake is complete. */
    private boolean readPackets(ChannelHandlerContext context, ByteBuf in) {
        if (!answered) {
            if (!fill(in)) {
                return false;
            }
            answered = true;
            held = 0;
            context.writeAndFlush(HandshakeAnswer.to(packet), context.voidPromise());
        }
        // C2 should echo S1, but many clients send something else, and nothing depends on it.
        return fill(in);
    }

    private boolean fill(ByteBuf in) {
        int count = Math.min(BYTES - held, in.readableBytes());
        in.readBytes(packet, held, count);
        held += count;
        return held == BYTES;
    }

    private void refuse(ChannelHandlerContext context, String why) {
        if (context.channel().isActive() && log.isDebugEnabled()) {
            log.debug(
                    "event=handshake_refused peer={} reason=\"{}\"",
                    context.channel().remoteAddress(),
                    why);
        }
        context.close();
    }
}
