package xiu.protocol.rtmp.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import xiu.container.flv.amf.AmfValue;
import xiu.container.flv.amf.AmfWriter;
import xiu.protocol.rtmp.FuzzMessages;
import xiu.protocol.rtmp.address.RtmpUrl;
import xiu.protocol.rtmp.wire.handshake.HandshakeHandler;

/** What a client dials instead of the network: connections whose other end is the test. Every call is answered. */
final class FarSide implements ClientNetwork {
    private final ByteBufAllocator allocator;
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final List<EmbeddedChannel> connections = new ArrayList<>();
    private final StringBuilder heard = new StringBuilder();
    private boolean closesLate;

    FarSide(ByteBufAllocator allocator) {
        this.allocator = allocator;
        clock.freezeTime();
    }

    @Override
    public EventLoop loop() {
        return clock.eventLoop();
    }

    @Override
    public Runnable dial(RtmpUrl to, EventLoop loop, ChannelHandler pipeline, Consumer<Throwable> failed) {
        EmbeddedChannel connection = new EmbeddedChannel();
        connection.config().setAllocator(allocator);
        connection.freezeTime();
        connections.add(connection);
        connection.pipeline().addLast(pipeline);
        return closesLate ? () -> {} : connection::close;
    }

    /** From now on connections that a client leaves stay, as they do while their last bytes are on the way. */
    void closesLate() {
        closesLate = true;
    }

    void sayOnFirst(ByteBuf bytes) {
        connections.getFirst().writeInbound(bytes);
        settle();
    }

    void closeFirst() {
        connections.getFirst().close();
        settle();
    }

    /** What has been said since the last call, byte for byte as text, without what stands between the chunks of a command. */
    String said() {
        String all = heard.toString().replace("\u00c3", "");
        heard.setLength(0);
        return all;
    }

    /** A command in one chunk. */
    static ByteBuf command(int stream, String name, double transaction, AmfValue... arguments) {
        ByteBuf body = Unpooled.buffer();
        AmfWriter writer = new AmfWriter(body).value(AmfValue.of(name)).value(AmfValue.of(transaction));
        List.of(arguments).forEach(writer::value);
        return FuzzMessages.message(Unpooled.buffer()
                .writeByte(20)
                .writeByte(stream)
                .writeByte(0)
                .writeShort(body.readableBytes())
                .writeBytes(body));
    }

    /** How often the client has dialled. */
    int calls() {
        return connections.size();
    }

    boolean isOpen() {
        return !connections.isEmpty() && connections.getLast().isOpen();
    }

    void shakeHands() {
        say(Unpooled.buffer().writeByte(3).writeZero(HandshakeHandler.TOTAL_BYTES - 1));
    }

    /** Says something on the newest connection; consumed. */
    void say(ByteBuf bytes) {
        if (isOpen()) {
            connections.getLast().writeInbound(bytes);
        } else {
            bytes.release();
        }
        settle();
    }

    /** Runs what waits, and throws away what the client says; returns how much that was. */
    int settle() {
        int said = 0;
        clock.runPendingTasks();
        for (EmbeddedChannel connection : List.copyOf(connections)) {
            connection.runPendingTasks();
            for (ByteBuf part = connection.readOutbound(); part != null; part = connection.readOutbound()) {
                said += part.readableBytes();
                heard.append(part.toString(StandardCharsets.ISO_8859_1));
                part.release();
            }
        }
        clock.runPendingTasks();
        return said;
    }

    void pass(long seconds) {
        for (EmbeddedChannel connection : List.copyOf(connections)) {
            connection.advanceTimeBy(seconds, TimeUnit.SECONDS);
            connection.runScheduledPendingTasks();
        }
        clock.advanceTimeBy(seconds, TimeUnit.SECONDS);
        clock.runScheduledPendingTasks();
        settle();
    }

    /** The network breaks: all connections are gone. */
    void close() {
        for (EmbeddedChannel connection : List.copyOf(connections)) {
            connection.finishAndReleaseAll();
        }
        settle();
        clock.finishAndReleaseAll();
    }
}
