package xiu.http.http1;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import xiu.http.HttpReplies;
import xiu.http.HttpReply;
import xiu.transport.closing.Farewell;

/**
 * One HTTP connection: takes requests one at a time, has them routed, writes the answers. Confined to its event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements Http1Exchange.Owner, RequestDecoder.Owner {
    /** The server stops: the connection closes as soon as it has nothing to answer. */
    enum Stop {
        STOP
    }

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final ConnectionContext shared;
    private final RequestDecoder decoder;
    private final String id = "http-" + NUMBERS.incrementAndGet();
    private @Nullable Attached attached;
    private final RequestAssembly arriving = new RequestAssembly();
    private @Nullable Http1Exchange exchange;
    private boolean established;
    private boolean stopping;
    private boolean closing;

    /** What a connection needs once it is in a pipeline. */
    private record Attached(ChannelHandlerContext context, ReplyWriter writer, ConnectionTimer timer) {}

    HttpConnection(ConnectionContext shared) {
        this.shared = shared;
        this.decoder = new RequestDecoder(shared.settings(), this);
    }

    RequestDecoder decoder() {
        return decoder;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Channel channel() {
        return attached().context.channel();
    }

    private Attached attached() {
        return Objects.requireNonNull(attached, "connection: no channel (expected: in a pipeline)");
    }

    private ReplyWriter writer() {
        return attached().writer;
    }

    private ConnectionTimer timer() {
        return attached().timer;
    }

    @Override
    public boolean isIdle() {
        return exchange == null && !closing && channel().isWritable();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ConnectionTimer timer = new ConnectionTimer(added, shared, this::onLate, this::onUnanswered);
        attached = new Attached(added, new ReplyWriter(added, shared, timer::onFlushed), timer);
        timer.onRequestBegun();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        timer().stop();
    }

    /** Not logged: browsers often open a connection and then send nothing. */
    private void onLate() {
        if (decoder.isMidRequest()) {
            shared.trouble(channel(), "limit_http_request_timeout", "the request is not complete");
        }
    }

    @Override
    public void onDecoded() {
        if (decoder.isMidRequest() && exchange == null && !closing) {
            timer().onRequestBegun();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        // The usual case first: instanceof with an interface is slow in the first compiler of the JVM.
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
        arriving.begin(begun);
        HttpReply refusal = RequestCheck.refusal(begun, shared.settings());
        if (refusal != null) {
            refuse(refusal);
        } else if (RequestCheck.waitsForContinue(begun)) {
            writer().write(Unpooled.wrappedBuffer(RequestCheck.CONTINUE));
        }
    }

    private void onContent(HttpContent part) {
        if (closing || !arriving.isUnderWay()) {
            return;
        }
        HttpReply refusal = RequestCheck.refusal(part, decoder.bodyBytes(), shared.settings());
        if (refusal != null) {
            refuse(refusal);
        } else {
            arriving.add(part.content());
            if (part instanceof LastHttpContent) {
                onEnd();
            }
        }
    }

    private void onEnd() {
        Http1Exchange begun = closing ? null : arriving.complete(this);
        if (begun == null) {
            return;
        }
        if (!established) {
            established = true;
            shared.onFirstRequest(channel());
        }
        timer().onRequestComplete();
        exchange = begun;
        shared.router().route(begun);
        if (exchange == begun) {
            timer().onAnswerAwaited();
        }
    }

    @Override
    public void extend(Http1Exchange to, Duration time) {
        if (exchange == to) {
            timer().extend(time);
        }
    }

    /** The time of a request is over, and nobody has answered it. */
    private void onUnanswered() {
        Http1Exchange late = exchange;
        if (late != null && late.abandon()) {
            shared.trouble(channel(), "limit_http_answer_timeout", "answered with 503");
            send(late, HttpReplies.BUSY);
        }
    }

    /** Answers a request that cannot be read to its end, and closes. */
    private void refuse(HttpReply reply) {
        shared.trouble(
                channel(),
                RequestCheck.trouble(reply),
                "answered with " + reply.status().code());
        arriving.drop();
        closing = true;
        writer().writeRefusal(reply);
        finish();
    }

    @Override
    public void send(Http1Exchange to, HttpReply reply) {
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
            decoder.resume(attached().context.pipeline().context(decoder));
            writer().flush();
        } catch (Exception e) {
            exceptionCaught(attached().context, e);
        }
    }

    /**
     * Flushes, ends the output, and waits a moment for the client to close: closing at once would reset the connection
     * when unread bytes are there, and the client might never see the answer.
     */
    private void finish() {
        ChannelFuture written = writer().flushLast();
        timer().onClosing();
        written.addListener(done -> {
            timer().onClosing();
            if (done.isSuccess()) {
                Farewell.endOutput(channel());
            } else {
                channel().close();
            }
        });
    }

    @Override
    public void handOver(Http1Exchange to, HttpReply head, ChannelHandler... next) {
        exchange = null;
        closing = true;
        writer().writeHead(head, to.exposure());
        ChannelPipeline handlers = attached().context.pipeline();
        handlers.addLast(next);
        handlers.remove(this);
        handlers.channel().config().setAutoRead(true);
        // Last, because requests that the client has sent ahead go to the new handlers.
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
        Http1Exchange open = exchange;
        exchange = null;
        if (open != null) {
            open.abandon();
        }
        from.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        shared.lost(id, cause);
        from.close();
    }
}
