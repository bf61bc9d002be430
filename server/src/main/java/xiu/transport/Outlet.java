package xiu.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import xiu.medialog.ByteChunk;
import xiu.stream.Peer;
import xiu.transport.closing.LastBytes;
import xiu.transport.send.SendProgress;
import xiu.transport.send.SlowReaders;

/**
 * The way from the log to one connection: straight to the kernel where that is possible; what the kernel does not take,
 * and everything elsewhere, goes through Netty in whole packets, a portion at a time. Confined to the channel's loop.
 */
final class Outlet {
    /** Netty gets about this much of what a full socket did not take; the rest stays in the log, bytes. */
    private static final int HANDOVER = 32 << 10;
    /** Netty's portion where it carries everything, bytes. */
    private static final int PORTION = 256 << 10;
    /** Who takes nothing between two looks, which are a second apart, must not hold up the end of the server, ns. */
    private static final long HURRY = 900_000_000;
    /** Who takes a little now and then has so many times the stall timeout for all that Netty holds. */
    private static final int LONGEST = 8;

    private final Channel channel;
    private final Peer peer;
    private final Runnable onDrained;
    private final @Nullable DirectSocket direct;
    private final SendProgress progress;
    private final long patience;
    private boolean hurried;
    private boolean draining;
    private boolean failed;
    private long handedOverAt;
    private long movedAt;
    private long nextLook;

    /** The way of {@code channel}; {@code onDrained} runs when Netty has sent what it held, or could not. */
    Outlet(Channel channel, Peer peer, Runnable onDrained) {
        this.channel = channel;
        this.peer = peer;
        this.onDrained = onDrained;
        this.direct = DirectSocket.of(channel);
        this.progress = new SendProgress(channel);
        this.patience = SlowReaders.of(channel).patience();
        this.movedAt = System.nanoTime();
        this.nextLook = movedAt;
    }

    /** Whether Netty holds a portion; nothing more must be sent until it has gone. */
    boolean isDraining() {
        return draining;
    }

    /** Whether the connection is of no use any more. */
    boolean hasFailed() {
        return failed;
    }

    /**
     * Sends bytes that stand in no log; borrows them. They, and what has been written to the channel before, go first,
     * whatever is sent next.
     */
    void send(byte[] bytes) {
        if (bytes.length > 0) {
            channel.write(Unpooled.wrappedBuffer(bytes));
        }
        // Also without bytes: Netty counts only what has been flushed as what it has still to send.
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
            int end = chunk.packetEnd(Math.min(to - 1, at + (socket == null ? PORTION : HANDOVER)));
            handOver(chunk, at, end);
            at = end;
        }
        return at;
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
     * Whether the peer takes too little: it has acknowledged nothing of what is on the network for too long, so nobody is
     * there any more; or it has taken nothing for longer than {@code timeout} of what Netty holds, or not all of that within
     * a multiple of it. {@code now} in ns. The first time is the last: who asks closes it.
     */
    boolean isStalled(long now, Duration timeout) {
        if (!draining && now - nextLook < 0) {
            return false;
        }
        // A call of the system and 200 bytes each: for players who keep up, twice in that time is enough.
        nextLook = now + patience / 2;
        if (progress.moved() || !draining && !progress.isInFlight()) {
            movedAt = now;
        }
        boolean stalled = isStill(now - movedAt, now - handedOverAt, timeout.toNanos());
        if (stalled) {
            LastBytes.drop(channel);
        }
        return stalled;
    }

    private boolean isStill(long still, long underWay, long timeout) {
        if (!draining || progress.isInFlight() && still > patience) {
            return still > patience;
        }
        boolean idle = still > timeout;
        if (idle || underWay > LONGEST * timeout) {
            String detail = idle ? "takes nothing" : "takes too long for " + SendProgress.unwritten(channel) + " bytes";
            SkipBudget.LINES.happened("limit_viewer_stall_timeout", peer, detail);
            return true;
        }
        return hurried && still > HURRY;
    }

    /** From now on the peer has less than a second for its next bytes, because the server stops. */
    void hurry() {
        hurried = true;
    }
}
