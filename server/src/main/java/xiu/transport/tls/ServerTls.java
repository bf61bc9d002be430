package xiu.transport.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Mapping;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import xiu.transport.TcpListener;

/**
 * TLS in front of one kind of protocol: which certificate a connection gets, and its handshake. Made by
 * {@link Certificates}, which replaces the contexts; connections that are open keep theirs. Any thread.
 */
public final class ServerTls implements TcpListener.Security {
    /** A client's first message, with room for the keys of post-quantum exchanges, bytes. */
    private static final int LONGEST_HELLO = 16 << 10;

    /** As much as one record carries (RFC 8446 §5.1), bytes. */
    private static final int RECORD = 16 << 10;

    private final List<String> protocols;
    private final Supplier<Duration> timeout;
    private volatile ServerNames<SslContext> contexts;

    ServerTls(List<String> protocols, Supplier<Duration> timeout, ServerNames<SslContext> contexts) {
        this.protocols = protocols;
        this.timeout = timeout;
        this.contexts = contexts;
    }

    /** The protocols that are negotiated; empty: none. */
    List<String> protocols() {
        return protocols;
    }

    void replace(ServerNames<SslContext> next) {
        contexts = next;
    }

    @Override
    public void install(Channel channel, Consumer<Channel> established, BiConsumer<Channel, Throwable> failed) {
        long millis = timeout.get().toMillis();
        Mapping<String, SslContext> byName = name -> contexts.of(name);
        channel.pipeline().addLast(new Entrance(byName, millis)).addLast(new TlsHandshake(established, failed));
    }

    /** Chooses the context by the name that the client asks for, and then removes itself. */
    private static final class Entrance extends SniHandler {
        private final long millis;

        Entrance(Mapping<String, SslContext> byName, long millis) {
            super(byName, LONGEST_HELLO, millis);
            this.millis = millis;
        }

        @Override
        protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
            SslHandler handler = super.newSslHandler(context, allocator);
            handler.setHandshakeTimeoutMillis(millis);
            handler.setWrapDataSize(RECORD);
            return handler;
        }
    }
}
