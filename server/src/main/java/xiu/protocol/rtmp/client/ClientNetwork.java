package xiu.protocol.rtmp.client;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import xiu.protocol.rtmp.address.RtmpUrl;

/** Where the connections of clients come from: {@link TcpNetwork}, or that of a test. */
interface ClientNetwork {
    /** The event loop for a new client and all its connections. */
    EventLoop loop();

    /**
     * Begins to connect.
     *
     * @param failed called, on the loop, when no address answers
     * @return gives up, or closes what is open
     */
    Runnable dial(RtmpUrl to, EventLoop loop, ChannelHandler pipeline, Consumer<Throwable> failed);
}
