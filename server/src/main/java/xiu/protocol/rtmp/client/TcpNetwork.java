package xiu.protocol.rtmp.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.Consumer;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.transport.EventLoops;
import xiu.transport.client.FarTrust;
import xiu.transport.client.HostConnector;

/**
 * Connections over TCP.
 *
 * @param timeout for the connection to each address
 */
record TcpNetwork(EventLoops loops, FarTrust trust, Duration timeout) implements ClientNetwork {
    @Override
    public EventLoop loop() {
        return loops.workers().next();
    }

    @Override
    public Runnable dial(RtmpUrl to, EventLoop loop, ChannelHandler pipeline, Consumer<Throwable> failed) {
        Bootstrap bootstrap = loops.client()
                .clone(loop)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                .handler(pipeline);
        Runnable before = to.tls() ? trust::context : () -> {};
        HostConnector connector = new HostConnector(bootstrap, loop, to.host(), to.port(), before, failed);
        connector.start();
        return connector::close;
    }
}
