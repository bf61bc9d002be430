package xiu.transport.send;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a connection: by the bytes that its peer has acknowledged where the kernel says so (TCP_INFO), otherwise by
 * how much Netty could write. The kernel reports room only when a third of its buffer is free, which can take minutes with a
 * slow reader. Confined to the channel's event loop.
 *
 * <p>The kernel's own timeout for this (TCP_USER_TIMEOUT) does not serve: while the peer's window is too small for the
 * next segment, it goes on counting although the peer takes bytes.
 */
final class TcpProgress implements SendProgress {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int UNACKED = 24;
    private static final int BYTES_ACKED = 120;
    private static final int LENGTH = 128;
    /** {@code struct tcp_info} of Linux up to {@code tcpi_bytes_acked}. */
    private static final RawUnixChannelOption OPTION =
            new RawUnixChannelOption("TCP_INFO", IPPROTO_TCP, TCP_INFO, LENGTH);

    private final Channel channel;
    private long unwrittenBefore;
    private long acknowledged;
    private boolean inFlight;

    TcpProgress(Channel channel) {
        this.channel = channel;
    }

    @Override
    public boolean moved() {
        if (unwrittenBefore > 0 && channel.unsafe() instanceof AbstractNioChannel.NioUnsafe nio) {
            // The kernel may have room already and report it much later.
            nio.forceFlush();
        }
        ByteBuffer info = info();
        long nowAcknowledged = info == null ? 0 : info.getLong(BYTES_ACKED);
        inFlight = info != null && info.getInt(UNACKED) != 0;
        long nowUnwritten = unwritten();
        boolean moved = nowAcknowledged != acknowledged || nowUnwritten < unwrittenBefore;
        acknowledged = nowAcknowledged;
        unwrittenBefore = nowUnwritten;
        return moved;
    }

    @Override
    public boolean isInFlight() {
        return inFlight;
    }

    private @Nullable ByteBuffer info() {
        if (!(channel instanceof UnixChannel) || !channel.isActive()) {
            return null;
        }
        ByteBuffer info = channel.config().getOption(OPTION);
        return info == null || info.limit() < LENGTH ? null : info.order(ByteOrder.nativeOrder());
    }

    @Override
    public long unwritten() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null || buffer.isEmpty()) {
            return 0;
        }
        // Summed here, because the buffer counts a half-written message as whole.
        long[] bytes = {0};
        try {
            buffer.forEachFlushedMessage(message -> {
                bytes[0] += left(message);
                return true;
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return bytes[0];
    }

    private static long left(Object message) {
        return message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    }
}
