package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;

/** A network that takes as many bytes as it is told to, and so stops in the middle of messages, as the kernel does. */
final class TrickleChannel extends EmbeddedChannel {
    private int room;

    /** Takes so many bytes more, of those that wait or will come. */
    void take(int bytes) {
        room += bytes;
        flush();
        runPendingTasks();
    }

    /** How much of what was taken has not come yet. */
    int room() {
        return room;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        boolean all = true;
        while (all && in.current() != null) {
            all = takeBytes(in);
        }
    }

    private boolean takeBytes(ChannelOutboundBuffer in) {
        int left = ((ByteBuf) in.current()).readableBytes();
        int taken = Math.min(room, left);
        room -= taken;
        in.removeBytes(taken);
        return taken == left;
    }
}
