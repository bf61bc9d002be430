package xiu.protocol.rtmp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import xiu.container.flv.amf.AmfValue;
import xiu.protocol.rtmp.wire.RtmpMessage.Abort;
import xiu.protocol.rtmp.wire.RtmpMessage.Acknowledgement;
import xiu.protocol.rtmp.wire.RtmpMessage.PeerBandwidth;
import xiu.protocol.rtmp.wire.RtmpMessage.SetChunkSize;
import xiu.protocol.rtmp.wire.RtmpMessage.UserControl;
import xiu.protocol.rtmp.wire.RtmpMessage.WindowSize;
import xiu.protocol.rtmp.wire.handshake.HandshakeHandler;
import xiu.transport.closing.Farewell;
import xiu.transport.receive.ReceiveMark;

/**
 * One RTMP connection after its handshake: messages in and out, and what the two ends negotiate without their users:
 * chunk sizes, acknowledgements, pings. Server sessions and clients own one. Confined to its channel's event loop.
 */
public final class RtmpLink extends ChannelInboundHandlerAdapter {
    /** The user of the link. All calls come on the event loop. */
    public interface Owner {
        /** The link is ready to send. Called once, first. */
        void onOpen(RtmpLink link);

        /** A message that the link does not answer itself; consumed. */
        void onMessage(RtmpMessage message);

        /** The connection is gone. Called once, last. */
        void onClosed();

        /** Something failed, usually because of the peer's bytes; the owner closes the link. */
        void onFault(Throwable fault);
    }

    private final ChunkLimits limits;
    private final Owner owner;
    private @Nullable ChannelHandlerContext context;
    private MessageMemory.@Nullable Share share;
    private @Nullable ChunkDecoder decoder;
    private @Nullable LinkOutput output;

    private final ReceiveWindow window = new ReceiveWindow(HandshakeHandler.TOTAL_BYTES);
    private long receivedMessages;
    private @Nullable ReceivePace pace;
    private boolean leaving;
    private boolean over;

    /** A link for one connection. */
    public RtmpLink(ChunkLimits limits, Owner owner) {
        this.limits = limits;
        this.owner = owner;
    }

    /** Bytes received since the connection began. */
    public long receivedBytes() {
        return window.received();
    }

    /** Messages received. */
    public long receivedMessages() {
        return receivedMessages;
    }

    /** Whether an incomplete message of the peer has taken longer than it may. */
    public boolean isStuck() {
        return decoder != null
                && decoder.unfinished().age() >= limits.messageTimeout().toNanos();
    }

    /** How long the oldest incomplete message has taken so far, ns; 0 when there is none. */
    public long unfinishedNanos() {
        return decoder == null ? 0 : decoder.unfinished().age();
    }

    /** Sets whether the peer feeds a stream: when memory is short, connections that do not are closed first. */
    public void publishes(boolean feeds) {
        if (share != null) {
            share.publishes(feeds);
        }
    }

    /**
     * From now on the socket is read when it is worth it: as soon as a picture is whole while {@code awaited},
     * otherwise five times a second.
     */
    public void paceBy(BooleanSupplier awaited) {
        ReceiveMark mark = pace == null ? ReceiveMark.of(channel()) : null;
        if (mark != null) {
            pace = new ReceivePace(channel().eventLoop(), mark::set, awaited);
        }
    }

    /** From now on whatever comes is read at once. */
    public void readAtOnce() {
        if (pace != null) {
            pace.end();
            pace = null;
        }
    }

    /** Sends a message with the next {@link #flush}; does nothing when the connection is gone. */
    public void write(RtmpMessage message) {
        if (output != null && !leaving) {
            output.write(message);
        }
    }

    /** Sends a command with the next {@link #flush}. */
    public void command(int messageStreamId, String name, double transaction, AmfValue... arguments) {
        List<AmfValue> values = new ArrayList<>();
        values.add(AmfValue.of(name));
        values.add(AmfValue.of(transaction));
        values.addAll(List.of(arguments));
        write(new RtmpMessage.Command(messageStreamId, values));
    }

    /** Sends what was written. */
    public void flush() {
        if (context != null) {
            context.flush();
        }
    }

    /** The channel; only after {@link Owner#onOpen}. */
    public Channel channel() {
        return Objects.requireNonNull(context).channel();
    }

    /** Closes at once. */
    public void close() {
        if (context != null) {
            context.close();
        }
    }

    /**
     * Closes after the peer has had time to read what was written: closing while input is unread would reset the
     * connection, and the peer would lose the last bytes. Whatever still comes is dropped.
     */
    public void closeAfterFlush() {
        ChannelHandlerContext open = context;
        if (open == null || leaving) {
            return;
        }
        leaving = true;
        Farewell.say(open);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        output = new LinkOutput(added);
        EventLoop loop = added.channel().eventLoop();
        MessageMemory.Share joined =
                limits.memory().join(() -> loop.ticker().nanoTime(), () -> loop.execute(this::onRevoked));
        share = joined;
        decoder = new ChunkDecoder(limits, added.alloc(), joined, this::onRawMessage);
        owner.onOpen(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        over = true;
        if (decoder != null) {
            decoder.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext closed) {
        over = true;
        readAtOnce();
        if (decoder != null) {
            decoder.close();
        }
        owner.onClosed();
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (!leaving && decoder != null) {
                window.add(in.readableBytes());
                decoder.decode(in);
                acknowledge();
            }
        } finally {
            ReferenceCountUtil.release(in);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        from.flush();
        if (pace != null && decoder != null && !over) {
            pace.read(decoder.unfinished().missing());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        over = true;
        owner.onFault(cause);
    }

    /** The memory is needed for others. Does nothing when a read has found that out already. */
    private void onRevoked() {
        if (!over && share != null) {
            over = true;
            owner.onFault(share.refusal());
        }
    }

    private void onRawMessage(int type, int timestamp, int messageStreamId, ByteBuf body) {
        if (leaving) {
            body.release();
            return;
        }
        receivedMessages++;
        if (pace != null) {
            pace.message(type, body.readableBytes());
        }
        RtmpMessage message = RtmpMessageDecoder.decode(type, timestamp, messageStreamId, body, limits.amf());
        switch (message) {
            case SetChunkSize size -> requireDecoder().chunkSize(size.bytes());
            case Abort abort -> requireDecoder().abort(abort.chunkStreamId());
            case WindowSize size -> window.open(size.bytes());
            case PeerBandwidth bandwidth -> answer(bandwidth);
            case Acknowledgement acknowledgement -> {}
            case UserControl control
            when control.event() == UserControl.PING_REQUEST ->
                write(new UserControl(UserControl.PING_RESPONSE, control.value()));
            default -> owner.onMessage(message);
        }
    }

    private ChunkDecoder requireDecoder() {
        return Objects.requireNonNull(decoder);
    }

    /** §5.4.5: answered with our window, unless the peer has it already. */
    private void answer(PeerBandwidth bandwidth) {
        if (output != null && bandwidth.bytes() != output.window()) {
            write(new WindowSize(bandwidth.bytes()));
        }
    }

    private void acknowledge() {
        if (window.isDue()) {
            write(new Acknowledgement(window.report()));
        }
    }
}
