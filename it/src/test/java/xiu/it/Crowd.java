package xiu.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Many connections on one thread, which say one thing and then listen, or do not. */
final class Crowd implements AutoCloseable {
    private final Selector selector;
    private final List<SocketChannel> members = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private int open;

    Crowd() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects one more, which says {@code first}; {@code listener} gets what it hears. */
    SocketChannel join(int port, byte[] first, Consumer<ByteBuffer> listener) {
        try {
            SocketChannel member = connect(port, first, 0);
            member.configureBlocking(false);
            member.register(selector, SelectionKey.OP_READ, listener);
            open++;
            return member;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects one more, which says {@code first} and never reads. */
    SocketChannel joinDeaf(int port, byte[] first) {
        return connect(port, first, 4096);
    }

    private SocketChannel connect(int port, byte[] first, int receiveBuffer) {
        try {
            SocketChannel member = SocketChannel.open();
            members.add(member);
            if (receiveBuffer > 0) {
                member.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            }
            member.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            member.write(ByteBuffer.wrap(first));
            return member;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each says one byte more, if the server still lets it. */
    void say(byte more) {
        for (SelectionKey key : selector.keys()) {
            try {
                ((SocketChannel) key.channel()).write(ByteBuffer.wrap(new byte[] {more}));
            } catch (IOException e) {
                // Closed; reading tells.
            }
        }
    }

    /** Those who listen and have not been closed by the server. */
    int open() {
        return open;
    }

    /** Takes what has come, waiting for it no longer than this. */
    void listen(long millis) {
        try {
            selector.select(this::read, millis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private void read(SelectionKey key) {
        try {
            buffer.clear();
            int count = ((SocketChannel) key.channel()).read(buffer);
            if (count >= 0) {
                ((Consumer<ByteBuffer>) key.attachment()).accept(buffer.flip());
                return;
            }
        } catch (IOException e) {
            // A reset is an end as well.
        }
        key.cancel();
        open--;
    }

    /** Listens until the server has closed all; fails when it does not. */
    void awaitClosed(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (open > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(open + " connections are still open after " + timeout);
            }
            listen(100);
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
            for (SocketChannel member : members) {
                member.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
