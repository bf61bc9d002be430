package xiu.protocol.rtmp.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import java.util.function.Supplier;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.wire.ChunkLimits;
import xiu.protocol.rtmp.wire.RtmpLink;
import xiu.protocol.rtmp.wire.handshake.ClientHandshakeHandler;
import xiu.transport.client.FarTrust;
import xiu.transport.closing.LastBytes;
import xiu.transport.trouble.RareLines;

/**
 * What all clients of a dialer share. Any thread.
 *
 * @param limits what a far side may send; a connection keeps those of its beginning
 * @param troubles counts faults of far sides
 */
record ClientContext(
        ClientNetwork network, Supplier<ChunkLimits> limits, FarTrust trust, ClientTimes times, RareLines troubles) {
    /**
     * Begins to connect: TCP, TLS where the URL asks for it, the handshake, and then the link.
     *
     * @param failed called, on the loop, when no address answers, or the far side speaks no TLS or no RTMP
     * @return gives up, or closes what is open
     */
    Runnable dial(RtmpUrl to, EventLoop loop, RtmpLink.Owner owner, Consumer<Throwable> failed) {
        ChannelInitializer<Channel> pipeline = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (to.tls()) {
                    channel.pipeline().addLast(trust.context().newHandler(channel.alloc(), to.host(), to.port()));
                }
                channel.pipeline()
                        .addLast(new ClientHandshakeHandler(
                                shaken -> channel.pipeline().addLast(new RtmpLink(limits.get(), owner)), failed));
                channel.pipeline().addFirst(LastBytes.INSTANCE);
            }
        };
        return network.dial(to, loop, pipeline, failed);
    }

    /** Counts something that a far side can cause as often as it likes; rarely logged. */
    void trouble(RtmpUrl at, String event, String detail) {
        troubles.happened(event, at.host() + ":" + at.port(), detail);
    }
}
