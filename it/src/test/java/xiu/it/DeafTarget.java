package xiu.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import xiu.container.flv.amf.AmfValue;
import xiu.container.flv.amf.AmfWriter;

/** An RTMP server that takes connections and then reads nothing: from the first byte on, or once it has agreed to all. */
final class DeafTarget implements AutoCloseable {
    private static final int HANDSHAKE = 1536;
    private static final int SMALL = 4096;
    private static final AmfValue NULL = AmfValue.Nothing.NULL;

    /** The transactions of our own client. */
    private static final int CONNECT = 1;

    private static final int CREATE_STREAM = 4;

    private final ServerSocket listener;
    private final boolean agrees;
    private final int last;
    private final CountDownLatch allSaid = new CountDownLatch(1);
    private final List<Socket> taken = new CopyOnWriteArrayList<>();

    private DeafTarget(boolean agrees, int last) {
        this.agrees = agrees;
        this.last = last;
        try {
            listener = new ServerSocket();
            listener.setReceiveBufferSize(SMALL);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::takeAll);
    }

    /** Never reads a byte. */
    static DeafTarget fromTheBeginning() {
        return new DeafTarget(false, 0);
    }

    /** Shakes hands, lets publish, and reads nothing of what is published. */
    static DeafTarget toMedia() {
        return new DeafTarget(true, 0);
    }

    /** Lets publish, and answers with all but the end of 8 MiB, so many bytes of them. */
    static DeafTarget thatHoards(int bytes) {
        return new DeafTarget(true, bytes);
    }

    /** The last answer is on its way: only what the kernels keep of it may not have been read. */
    void awaitAllSaid() {
        try {
            assertThat(allSaid.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections it has had. */
    int connections() {
        return taken.size();
    }

    private void takeAll() {
        try {
            while (true) {
                Socket socket = listener.accept();
                taken.add(socket);
                if (agrees) {
                    Thread.startVirtualThread(() -> agree(socket));
                }
            }
        } catch (IOException e) {
            // Closed by the test.
        }
    }

    private void agree(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            in.readNBytes(1 + HANDSHAKE);
            byte[] answer = new byte[1 + 2 * HANDSHAKE];
            answer[0] = 3;
            out.write(answer);
            in.readNBytes(HANDSHAKE);
            StringBuilder heard = new StringBuilder();
            await(in, heard, "connect");
            AmfValue connected = AmfValue.fields()
                    .put("code", "NetConnection.Connect.Success")
                    .object();
            out.write(command(0, "_result", CONNECT, NULL, connected));
            await(in, heard, "createStream");
            out.write(command(0, "_result", CREATE_STREAM, NULL, AmfValue.of(1)));
            await(in, heard, "publish");
            AmfValue published =
                    AmfValue.fields().put("code", "NetStream.Publish.Start").object();
            out.write(command(1, "onStatus", 0, NULL, published));
            if (last > 0) {
                out.write(ByteBufUtil.decodeHexDump("02000000000004010000000000ffffff"));
                out.write(ByteBufUtil.decodeHexDump("070000008000000901000000"));
                out.write(new byte[last]);
                allSaid.countDown();
            }
        } catch (IOException e) {
            // The other side has given up, which is what the test looks for.
        }
    }

    private static void await(InputStream in, StringBuilder heard, String word) throws IOException {
        byte[] bytes = new byte[SMALL];
        while (heard.indexOf(word) < 0) {
            int count = in.read(bytes);
            if (count < 0) {
                throw new IOException("ended before " + word);
            }
            heard.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
        }
    }

    /** One chunk; all of them are shorter than the 128 bytes that need no announcement. */
    private static byte[] command(int stream, String name, int transaction, AmfValue... values) {
        ByteBuf body = Unpooled.buffer();
        AmfWriter writer = new AmfWriter(body).text(name).number(transaction);
        for (AmfValue value : values) {
            writer.value(value);
        }
        ByteBuf chunk = Unpooled.buffer().writeByte(3).writeMedium(0).writeMedium(body.readableBytes());
        chunk.writeByte(RawRtmp.COMMAND).writeIntLE(stream).writeBytes(body);
        return ByteBufUtil.getBytes(chunk);
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : taken) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
