package xiu.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xiu.transport.closing.Farewell;

/**
 * One HTTP connection: takes requests one at a time, has them routed, writes the answers. Confined to its event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    /** Tells a connection that the server stops: it closes as soon as it has nothing to answer. */
    enum Stop {
        STOP
    }

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final HttpPipeline pipeline;
    private final RequestDecoder decoder;
    private final String id = "http-" + NUMBERS.incrementAndGet();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ReplyWriter writer;
    private @Nullable ConnectionTimer timer;
    private @Nullable HttpRequest request;
    private final RequestBody body = new RequestBody();
    private @Nullable HttpExchange exchange;
    private boolean established;
    private boolean stopping;
    private boolean closing;

    HttpConnection(HttpPipeline pipeline) {
        this.pipeline = pipeline;
        this.decoder = new RequestDecoder(pipeline.settings(), this);
    }

    RequestDecoder decoder() {
        return decoder;
    }

    String id() {
        return id;
    }

    Channel channel() {
        return context().channel();
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("connection: no channel (expected: in a pipeline)");
        }
        return context;
    }

    /** Whether the next request may be taken. */
    boolean isIdle() {
        return exchange == null && !closing && channel().isWritable();
    }

    private ReplyWriter writer() {
        if (writer == null) {
            throw new IllegalStateException("connection: no writer (expected: in a pipeline)");
        }
        return writer;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        timer = new ConnectionTimer(added, pipeline, this::onLate);
        writer = new ReplyWriter(added, pipeline.clock(), timer::onFlushed);
        timer.onRequestBegun();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        timer().stop();
    }

    /** A browser may well open a connection and then ask for nothing: that is not worth a line. */
    private void onLate() {
        if (decoder.isMidRequest()) {
            pipeline.trouble(channel(), "limit_http_request_timeout", "the request is not complete");
        }
    }

    private ConnectionTimer timer() {
        if (timer == null) {
            throw new IllegalStateException("connection: no timer (expected: in a pipeline)");
        }
        return timer;
    }

    /** All that has arrived is decoded, as far as it may be. */
    void onDecoded() {
        if (decoder.isMidRequest() && exchange == null && !closing) {
            timer().onRequestBegun();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        // First what nearly every request ends with: for the first compiler, instanceof an interface is a search.
        if (message == LastHttpContent.EMPTY_LAST_CONTENT) {
            onEnd();
            return;
        }
        if (message instanceof HttpRequest begun && !closing) {
            onRequest(begun);
        }
        if (message instanceof HttpContent part) {
            try {
                onContent(part);
            } finally {
                part.release();
            }
        }
    }

    private void onRequest(HttpRequest begun) {
        request = begun;
        body.clear();
        HttpReply refusal = RequestCheck.refusal(begun, pipeline.settings());
        if (refusal != null) {
            refuse(refusal);
        } else if (RequestCheck.waitsForContinue(begun)) {
            writer().write(Unpooled.wrappedBuffer(RequestCheck.CONTINUE));
        }
    }

    private void onContent(HttpContent part) {
        if (closing || request == null) {
            return;
        }
        ByteBuf content = part.content();
        if (part.decoderResult().isFailure()) {
            refuse(HttpReplies.BAD);
        } else if (decoder.bodyBytes() > pipeline.settings().bodyBytes()) {
            refuse(RequestCheck.TOO_LARGE);
        } else {
            body.add(content);
            if (part instanceof LastHttpContent) {
                onEnd();
            }
        }
    }

    private void onEnd() {
        HttpRequest complete = request;
        if (closing || complete == null) {
            return;
        }
        request = null;
        if (!established) {
            established = true;
            pipeline.onFirstRequest(channel());
        }
        timer().onRequestComplete();
        exchange = new HttpExchange(this, complete, body.take());
        pipeline.router().route(exchange);
    }

    /** Answers a request that cannot be read to its end, and closes. */
    private void refuse(HttpReply reply) {
        int status = reply.status().code();
        pipeline.trouble(channel(), RequestCheck.trouble(reply), "answered with " + status);
        request = null;
        closing = true;
        writer().writeRefusal(reply);
        finish();
    }

    /** Writes an answer, unless its exchange is not the current one any more; see {@link HttpExchange#answer}. */
    void send(HttpExchange to, HttpReply reply) {
        if (exchange != to) {
            return;
        }
        exchange = null;
        boolean keepAlive = !stopping && HttpUtil.isKeepAlive(to.request());
        closing = !keepAlive;
        writer().write(reply, to.request(), to.exposure(), keepAlive);
        if (closing) {
            finish();
            return;
        }
        timer().onAnswered();
        if (!decoder.isDecoding()) {
            writer().flush();
            resume();
        }
    }

    private void resume() {
        try {
            decoder.resume(context().pipeline().context(decoder));
            writer().flush();
        } catch (Exception e) {
            exceptionCaught(context(), e);
        }
    }

    /**
     * Flushes, says that no more will come, and waits a moment for the client to close: closing at once would reset the
     * connection when unread bytes are there, and the client might never see the answer.
     */
    private void finish() {
        ChannelFuture written = writer().flushLast();
        timer().onClosing();
        written.addListener(done -> {
            timer().onClosing();
            if (done.isSuccess() && channel() instanceof DuplexChannel duplex) {
                Farewell.endOutput(duplex);
            } else {
                channel().close();
            }
        });
    }

    /** See {@link HttpExchange#takeOver} and {@link HttpExchange#upgrade}. */
    void handOver(HttpReply head, Exposure exposure, ChannelHandler... next) {
        exchange = null;
        closing = true;
        writer().writeHead(head, exposure);
        ChannelPipeline handlers = context().pipeline();
        handlers.addLast(next);
        handlers.remove(this);
        handlers.channel().config().setAutoRead(true);
        // Last: what the client has sent ahead goes to the new handlers.
        handlers.remove(decoder);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        writer().flush();
        from.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (isIdle()) {
            resume();
        }
        from.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof Stop) {
            stopping = true;
            if (exchange == null && !closing) {
                closing = true;
                finish();
            }
        } else {
            from.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        closing = true;
        timer().stop();
        HttpExchange open = exchange;
        exchange = null;
        if (open != null) {
            open.abandon();
        }
        from.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{} event=http-connection-lost cause=\"{}\"", id, cause.getMessage());
        } else {
            LOG.warn("{} event=http-connection-failed", id, cause);
        }
        from.close();
    }
}
