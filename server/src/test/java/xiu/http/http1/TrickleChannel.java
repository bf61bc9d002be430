package xiu.http.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

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
            all = in.current() instanceof FileRegion region ? takeFile(in, region) : takeBytes(in);
        }
    }

    private boolean takeBytes(ChannelOutboundBuffer in) {
        int left = ((ByteBuf) in.current()).readableBytes();
        int taken = Math.min(room, left);
        room -= taken;
        in.removeBytes(taken);
        return taken == left;
    }

    private boolean takeFile(ChannelOutboundBuffer in, FileRegion region) throws IOException {
        in.progress(region.transferTo(new Room(), region.transferred()));
        boolean all = region.transferred() == region.count();
        if (all) {
            in.remove();
        }
        return all;
    }

    private final class Room implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) {
            int taken = Math.min(room, bytes.remaining());
            room -= taken;
            bytes.position(bytes.position() + taken);
            return taken;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
