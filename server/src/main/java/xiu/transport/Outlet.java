package xiu.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import xiu.medialog.ByteChunk;
import xiu.stream.Peer;
import xiu.transport.send.SendProgress;
import xiu.transport.send.SlowReaders;

/**
 * Sends ready bytes to one connection. Straight to the kernel where that is possible; what the kernel does not take,
 * and everything on other engines, goes through Netty in whole packets, one portion at a time. Confined to the
 * channel's event loop.
 */
final class Outlet {
    /**
     * Netty gets about this much of what a full socket did not take; the rest stays in the log, bytes. Under TLS it is what is
     * enciphered at once, and copied by that.
     */
    private static final int HANDOVER = 32 << 10;
    /** Size of a portion where Netty carries everything, bytes. */
    private static final int PORTION = 256 << 10;
    /**
     * While the server stops, a peer that takes nothing between two checks, which are a second apart, is given up, ns.
     */
    private static final long HURRY = 900_000_000;
    /**
     * All that Netty holds must be taken within so many times the stall timeout, however regularly the peer takes a
     * little.
     */
    private static final int LONGEST = 8;

    private final Channel channel;
    private final Peer peer;
    private final Runnable onDrained;
    private final @Nullable DirectSocket direct;
    private final int portion;
    private final SendProgress progress;
    private final long patience;
    private boolean hurried;
    private boolean draining;
    private boolean failed;
    private long handedOverAt;
    private long movedAt;
    private long nextCheck;
    private long sentBytes;

    /** The outlet of {@code channel}; {@code onDrained} runs when Netty has sent its portion, or has failed to. */
    Outlet(Channel channel, Peer peer, Runnable onDrained) {
        this.channel = channel;
        this.peer = peer;
        this.onDrained = onDrained;
        this.direct = DirectSocket.of(channel);
        boolean tls = channel.pipeline().get(SslHandler.class) != null;
        this.portion = direct != null || tls ? HANDOVER : PORTION;
        this.progress = SendProgress.of(channel);
        this.patience = SlowReaders.of(channel).patience();
        this.movedAt = System.nanoTime();
        this.nextCheck = movedAt;
    }

    /** Whether Netty still holds a portion; nothing more may be sent until it has gone. */
    boolean isDraining() {
        return draining;
    }

    /** Whether the connection is unusable. */
    boolean hasFailed() {
        return failed;
    }

    /**
     * Sends bytes that are in no log; borrows them. They, and what was written to the channel before, go out before
     * anything sent later.
     */
    void send(byte[] bytes) {
        if (bytes.length > 0) {
            sentBytes += bytes.length;
            channel.write(Unpooled.wrappedBuffer(bytes));
        }
        // Even without bytes: DirectSocket asks Netty what it has still to send, and Netty counts only what has been
        // flushed.
        channel.flush();
    }

    /**
     * Sends bytes {@code [from, to)} of {@code chunk}, where a packet ends at {@code to}; borrows it.
     *
     * @return how far it came: to {@code to}, unless it is draining or has failed now; where a packet ends in any case
     *     but failure
     */
    int send(ByteChunk chunk, int from, int to) {
        int at = from;
        DirectSocket socket = direct;
        if (socket != null && socket.idle()) {
            try {
                at += socket.write(chunk, at, to);
            } catch (IOException e) {
                failed = true;
            }
        }
        while (at < to && !draining && !failed) {
            int end = chunk.packetEnd(Math.min(to - 1, at + portion));
            handOver(chunk, at, end);
            at = end;
        }
        sentBytes += at - from;
        return at;
    }

    /** Bytes sent since this was last asked. */
    long takeSentBytes() {
        long taken = sentBytes;
        sentBytes = 0;
        return taken;
    }

    private void handOver(ByteChunk chunk, int from, int to) {
        ChannelFuture sent = channel.writeAndFlush(chunk.buffer().retainedSlice(from, to - from));
        if (sent.isDone()) {
            failed |= !sent.isSuccess();
            return;
        }
        draining = true;
        movedAt = System.nanoTime();
        handedOverAt = movedAt;
        progress.moved();
        sent.addListener(done -> {
            draining = false;
            failed |= !done.isSuccess();
            onDrained.run();
        });
    }

    /**
     * Whether the peer takes too little: it has acknowledged nothing of what is on the network for too long, so it is
     * gone; or it has taken nothing for longer than {@code timeout} of what Netty holds, or not all of that within a
     * multiple of it. The caller closes the connection when this is true.
     *
     * @param now ns
     */
    boolean isStalled(long now, Duration timeout) {
        if (!draining && now - nextCheck < 0) {
            return false;
        }
        // The check costs a system call with 200 bytes. For players who keep up, twice in that time is enough.
        nextCheck = now + patience / 2;
        if (progress.moved() || !draining && !progress.isInFlight()) {
            movedAt = now;
        }
        boolean stalled = isStill(now - movedAt, now - handedOverAt, timeout.toNanos());
        if (stalled) {
            SlowReaders.of(channel).reset(channel);
        }
        return stalled;
    }

    private boolean isStill(long still, long underWay, long timeout) {
        if (!draining || progress.isInFlight() && still > patience) {
            return still > patience;
        }
        boolean idle = still > timeout;
        if (idle || underWay > LONGEST * timeout) {
            String detail = idle ? "takes nothing" : "takes too long for " + progress.unwritten() + " bytes";
            SkipBudget.LINES.happened("limit_viewer_stall_timeout", peer, detail);
            return true;
        }
        return hurried && still > HURRY;
    }

    /** The server stops: from now on the peer has less than a second for its next bytes. */
    void hurry() {
        hurried = true;
    }
}
