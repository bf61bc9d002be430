package xiu.progressive;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.http.WebSocketPeer;
import xiu.media.WireFormat;
import xiu.stream.EndReason;
import xiu.stream.MediaStream;
import xiu.stream.Peer;
import xiu.stream.Viewer;
import xiu.transport.Playback;
import xiu.transport.trouble.Faults;

/**
 * One viewer: owns the channel after the head of the answer. Reads only to notice that the client leaves. Confined to
 * its channel's event loop.
 */
final class StreamSession extends ChannelInboundHandlerAdapter implements Playback.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSession.class);
    /** How long the last bytes of a stream may take to go out. */
    private static final int LAST_BYTES_SECONDS = 5;

    /** How the format's bytes are carried. */
    enum Carrier {
        /** The body of an HTTP answer, which ends with the connection. */
        BODY,
        /** A WebSocket; the bytes are its frames. */
        WEB_SOCKET
    }

    private final Peer peer;
    private final Carrier carrier;
    private final WireFormat format;
    private @Nullable Channel channel;
    private @Nullable Playback playback;
    private @Nullable EndReason ended;

    StreamSession(Peer peer, Carrier carrier, WireFormat format) {
        this.peer = peer;
        this.carrier = carrier;
        this.format = format;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    /** Begins to play, if the channel is this session's. */
    void play(MediaStream stream) {
        Channel own = channel;
        if (own == null || !own.isActive()) {
            return;
        }
        LOG.info("event=play session={} peer={} stream={}", peer.id(), peer, stream.key());
        try {
            begin(own, stream);
        } catch (Throwable fault) {
            // Nobody else owns the channel and would close it.
            Faults.contained("fault_playback", peer, fault);
            ended(EndReason.FAILED);
            own.close();
        }
    }

    private void begin(Channel own, MediaStream stream) {
        Playback begun = new Playback(own, stream, format, this);
        playback = begun;
        begun.start();
        // The head must not wait for the first frame.
        own.flush();
    }

    @Override
    public void onPlaybackEnded(EndReason reason) {
        Channel own = channel;
        if (own == null) {
            return;
        }
        ended(reason);
        if (reason == EndReason.TOO_SLOW) {
            // What the client has not taken yet would also delay the end.
            own.close();
            return;
        }
        switch (carrier) {
            case BODY -> closeAfterLastBytes(own);
            case WEB_SOCKET -> WebSocketPeer.close(own, status(reason));
        }
    }

    private static void closeAfterLastBytes(Channel channel) {
        ScheduledFuture<?> late =
                channel.eventLoop().schedule(() -> channel.close(), LAST_BYTES_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> late.cancel(false));
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private static int status(EndReason reason) {
        return switch (reason) {
            case GOODBYE, CONNECTION_LOST, TIMED_OUT, MALFORMED, TAKEN_OVER, STREAM_ENDED, KICKED ->
                WebSocketPeer.NORMAL;
            case TOO_SLOW, LIMIT -> WebSocketPeer.TRY_AGAIN;
            case STOPPING -> WebSocketPeer.GOING_AWAY;
            case FAILED -> WebSocketPeer.INTERNAL_ERROR;
        };
    }

    /** The one end of a session. */
    private void ended(EndReason reason) {
        Playback over = playback;
        if (ended == null && over != null) {
            ended = reason;
            over.stop();
            Viewer viewer = over.viewer();
            LOG.info(
                    "event=play_end session={} reason={} sent={} skips={}",
                    peer.id(),
                    reason,
                    viewer.sentBytes(),
                    viewer.skips());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof WebSocketPeer.Closing) {
            ended(EndReason.GOODBYE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended(EndReason.GOODBYE);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            ended(EndReason.CONNECTION_LOST);
        } else {
            LOG.warn("event=play_failed session={}", peer.id(), cause);
            ended(EndReason.FAILED);
        }
        context.close();
    }
}
