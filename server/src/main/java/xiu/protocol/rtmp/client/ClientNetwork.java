package xiu.protocol.rtmp.client;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import xiu.protocol.rtmp.address.RtmpUrl;

/** Where the connections of clients come from: {@link TcpNetwork}, but for tests. */
interface ClientNetwork {
    /** The loop of a new client and of all its connections. */
    EventLoop loop();

    /**
     * Begins to connect.
     *
     * @param failed called, on the loop, when nobody answers
     * @return gives up, or closes what is open
     */
    Runnable dial(RtmpUrl to, EventLoop loop, ChannelHandler pipeline, Consumer<Throwable> failed);
}
