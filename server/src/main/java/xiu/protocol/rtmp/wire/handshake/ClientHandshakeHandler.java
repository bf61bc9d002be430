package xiu.protocol.rtmp.wire.handshake;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import xiu.bytes.MalformedDataException;
import xiu.protocol.rtmp.wire.handshake.HandshakeDigest.End;
import xiu.protocol.rtmp.wire.handshake.HandshakeDigest.Schema;

/**
 * The client's side of the handshake. Always offers a digest, which servers that know none treat like any other C1.
 * When S2 is complete it hands the channel to the next handler and removes itself. The dialling side sets the deadline.
 */
public final class ClientHandshakeHandler extends ChannelInboundHandlerAdapter {
    private static final int BYTES = HandshakeDigest.BYTES;
    private static final int VERSION = 3;

    private final Consumer<ChannelHandlerContext> done;
    private final Consumer<Throwable> failed;
    private final byte[] packet = new byte[BYTES];
    private int held;
    private boolean versionSeen;
    private boolean answered;

    /**
     * A handler for one connection.
     *
     * @param done called once, on the event loop; adds the next handlers behind this one
     * @param failed called, on the event loop, when the far side speaks no RTMP or closes
     */
    public ClientHandshakeHandler(Consumer<ChannelHandlerContext> done, Consumer<Throwable> failed) {
        this.done = done;
        this.failed = failed;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        failed.accept(new ClosedChannelException());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed.accept(cause);
        context.close();
    }

    /** Begins at once when the channel is connected already. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            greet(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        greet(context);
        context.fireChannelActive();
    }

    private static void greet(ChannelHandlerContext context) {
        byte[] c1 = new byte[BYTES];
        ThreadLocalRandom.current().nextBytes(c1);
        ByteBuf header = Unpooled.wrappedBuffer(c1);
        header.setInt(0, 0);
        // The version of a Flash player (10.0.32.18) that signs with a digest.
        header.setInt(4, 0x0A002012);
        HandshakeDigest.sign(c1, Schema.DIGEST_FIRST, End.CLIENT);
        context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {VERSION}, c1), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        boolean handedOn = false;
        try {
            if (readVersion(in) && readPackets(context, in)) {
                handedOn = true;
                done.accept(context);
                context.fireChannelRead(in);
                context.pipeline().remove(this);
            }
        } finally {
            if (!handedOn) {
                in.release();
            }
        }
    }

    private boolean readVersion(ByteBuf in) {
        if (!versionSeen && in.isReadable()) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw MalformedDataException.of("RTMP version", version, "3");
            }
            versionSeen = true;
        }
        return versionSeen;
    }

    private boolean readPackets(ChannelHandlerContext context, ByteBuf in) {
        if (!answered) {
            if (!fill(in)) {
                return false;
            }
            answered = true;
            held = 0;
            context.writeAndFlush(Unpooled.copiedBuffer(answer()), context.voidPromise());
        }
        return fill(in);
    }

    private boolean fill(ByteBuf in) {
        int count = Math.min(BYTES - held, in.readableBytes());
        in.readBytes(packet, held, count);
        held += count;
        return held == BYTES;
    }

    /** C2 for the S1 in {@code packet}. */
    private byte[] answer() {
        Schema schema = HandshakeDigest.verify(packet, End.SERVER);
        if (schema == null) {
            return packet;
        }
        byte[] c2 = new byte[BYTES];
        ThreadLocalRandom.current().nextBytes(c2);
        HandshakeDigest.signAnswer(c2, packet, schema, End.CLIENT);
        return c2;
    }
}
