package xiu.it;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import xiu.container.flv.amf.AmfReader;
import xiu.container.flv.amf.AmfValue;
import xiu.container.flv.amf.AmfWriter;
import xiu.protocol.rtmp.wire.ChunkDecoder;
import xiu.protocol.rtmp.wire.ChunkLimits;

/** An RTMP client that sends what it is told, right or wrong, and keeps what it hears. Confined to one thread. */
final class RawRtmp implements AutoCloseable {
    static final int COMMAND = 20;
    static final int AUDIO = 8;
    static final int VIDEO = 9;
    static final int DATA = 18;

    private static final int SET_CHUNK_SIZE = 1;
    private static final int USER_CONTROL = 4;
    private static final int HANDSHAKE = 1536;
    private static final int LARGEST = 0xFFFFFF;
    /** What every server must take; nothing that tests send is longer. */
    private static final int CHUNK = 65_536;

    private static final AmfValue NULL = AmfValue.Nothing.NULL;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Codes of onStatus and of replies, in order: {@code NetStream.Play.Start}, {@code _result}, {@code _error}. */
    final List<String> heard = new ArrayList<>();

    /** User controls, as {@code event/value}. */
    final List<String> controls = new ArrayList<>();

    /** Audio and video, as they came. */
    final List<Frame> frames = new ArrayList<>();

    /** Audio, video and data, as they came. */
    final List<Frame> messages = new ArrayList<>();

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final ChunkDecoder decoder =
            new ChunkDecoder(new ChunkLimits(LARGEST, LARGEST, LARGEST, 64), ByteBufAllocator.DEFAULT, this::onMessage);
    private int streams;
    private boolean ended;

    /** One audio, video or data message. */
    record Frame(int type, int timestamp, byte[] body) {
        boolean isKeyFrame() {
            return type == VIDEO && body.length > 1 && body[0] >>> 4 == 1 && body[1] == 1;
        }
    }

    private RawRtmp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** A connection that has sent nothing yet. */
    static RawRtmp open(XiuProcess server) {
        return open("127.0.0.1", server);
    }

    private static RawRtmp open(String address, XiuProcess server) {
        return open(address, server.port("rtmp"));
    }

    private static RawRtmp open(String address, int port) {
        try {
            InetAddress loopback = InetAddress.getByName("127.0.0.1");
            Socket socket = new Socket(loopback, port, InetAddress.getByName(address), 0);
            socket.setTcpNoDelay(true);
            return new RawRtmp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection after its handshake. */
    static RawRtmp shaken(XiuProcess server) {
        return open(server).shake();
    }

    private RawRtmp shake() {
        send(new byte[] {3});
        send(new byte[2 * HANDSHAKE]);
        try {
            in.readFully(new byte[1 + 2 * HANDSHAKE]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** A connection to an app. */
    static RawRtmp connected(XiuProcess server, String app) {
        return shaken(server).connect(app);
    }

    private RawRtmp connect(String app) {
        message(SET_CHUNK_SIZE, 0, 0, Unpooled.buffer().writeInt(CHUNK));
        command(0, "connect", 1, AmfValue.fields().put("app", app).object());
        return await("_result");
    }

    /** Asks to publish {@code live/name}; the answer is still to come. */
    static RawRtmp publishing(XiuProcess server, String name) {
        return connected(server, "live").publish(name);
    }

    /** The same from another of the machine's addresses. */
    static RawRtmp publishingFrom(String address, XiuProcess server, String name) {
        return open(address, server).shake().connect("live").publish(name);
    }

    private RawRtmp publish(String name) {
        command(createStream(), "publish", 0, NULL, AmfValue.of(name), AmfValue.of("live"));
        return this;
    }

    /** Asks to play {@code live/name}; the answer is still to come. */
    static RawRtmp playing(XiuProcess server, String name) {
        return playing(server.port("rtmp"), name);
    }

    /** The same by way of a port that leads to a server. */
    static RawRtmp playing(int port, String name) {
        RawRtmp client = open("127.0.0.1", port).shake().connect("live");
        client.command(client.createStream(), "play", 0, NULL, AmfValue.of(name), AmfValue.of(-2000));
        return client;
    }

    /** All that a player says until it plays, for one that hears nothing of the answers. */
    static byte[] playingBlindly(String app, String name) {
        AmfValue live = AmfValue.fields().put("app", app).object();
        return bytes(
                Unpooled.buffer().writeByte(3).writeZero(2 * HANDSHAKE),
                chunk(SET_CHUNK_SIZE, 0, 0, Unpooled.buffer().writeInt(CHUNK)),
                chunk(COMMAND, 0, 0, values("connect", 1, live)),
                chunk(COMMAND, 0, 0, values("createStream", 2, NULL)),
                chunk(COMMAND, 0, 1, values("play", 0, NULL, AmfValue.of(name), AmfValue.of(-2000))));
    }

    /** What such a one says when it plays no more. */
    static byte[] goodbye(int stream) {
        return bytes(chunk(COMMAND, 0, 0, values("deleteStream", 0, NULL, AmfValue.of(stream))));
    }

    private int createStream() {
        command(0, "createStream", 2 + streams, NULL);
        long before = heard.stream().filter("_result"::equals).count();
        until("createStream", () -> heard.stream().filter("_result"::equals).count() > before);
        return ++streams;
    }

    /** The message stream made last. */
    int stream() {
        return streams;
    }

    void send(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            // It has been closed in the meantime, which reading will tell.
            ended = true;
        }
    }

    void send(String hex) {
        send(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    void command(int stream, String name, double transaction, AmfValue... values) {
        message(COMMAND, 0, stream, values(name, transaction, values));
    }

    private static ByteBuf values(String name, double transaction, AmfValue... values) {
        ByteBuf body = Unpooled.buffer();
        AmfWriter writer = new AmfWriter(body).text(name).number(transaction);
        for (AmfValue value : values) {
            writer.value(value);
        }
        return body;
    }

    void media(int type, int timestamp, byte[] body) {
        message(type, timestamp, streams, Unpooled.wrappedBuffer(body));
    }

    /** One message in one chunk, once the chunk size allows that. */
    void message(int type, int timestamp, int stream, ByteBuf body) {
        send(ByteBufUtil.getBytes(chunk(type, timestamp, stream, body)));
    }

    private static ByteBuf chunk(int type, int timestamp, int stream, ByteBuf body) {
        ByteBuf chunk = Unpooled.buffer();
        boolean extended = Integer.compareUnsigned(timestamp, LARGEST) >= 0;
        chunk.writeByte(type == AUDIO ? 4 : type == VIDEO ? 6 : type == DATA ? 5 : type == COMMAND ? 3 : 2);
        chunk.writeMedium(extended ? LARGEST : timestamp);
        chunk.writeMedium(body.readableBytes()).writeByte(type).writeIntLE(stream);
        if (extended) {
            chunk.writeInt(timestamp);
        }
        return chunk.writeBytes(body);
    }

    /** Reads until a status or reply with this code has come; fails when it does not. */
    RawRtmp await(String code) {
        until(code, () -> heard.contains(code));
        return this;
    }

    /** Reads until the condition holds. */
    void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (ended || System.nanoTime() - deadline > 0) {
                throw new AssertionError(what + ": not heard (ended: " + ended + ", heard: " + heard + ")");
            }
            read(250);
        }
    }

    /** Reads until the server has closed the connection; fails when it does not. */
    RawRtmp awaitEnd() {
        until("the end", () -> ended);
        return this;
    }

    /** Whether the server has closed the connection, as far as was read. */
    boolean isEnded() {
        return ended;
    }

    /** Takes what has arrived, and waits no longer than this for more. */
    boolean read(int millis) {
        byte[] bytes = new byte[64 << 10];
        try {
            socket.setSoTimeout(Math.max(1, millis));
            int count = in.read(bytes);
            if (count < 0) {
                ended = true;
                return false;
            }
            decoder.decode(Unpooled.wrappedBuffer(bytes, 0, count));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            ended = true;
            return false;
        }
    }

    private void onMessage(int type, int timestamp, int stream, ByteBuf body) {
        try {
            switch (type) {
                case SET_CHUNK_SIZE -> decoder.chunkSize(body.readInt());
                case USER_CONTROL -> controls.add(body.readUnsignedShort() + "/" + body.readInt());
                case COMMAND -> onCommand(new AmfReader(body).readAll());
                case AUDIO, VIDEO, DATA -> onMedia(new Frame(type, timestamp, ByteBufUtil.getBytes(body)));
                default -> {
                    // Windows.
                }
            }
        } finally {
            body.release();
        }
    }

    private void onMedia(Frame frame) {
        messages.add(frame);
        if (frame.type != DATA) {
            frames.add(frame);
        }
    }

    private void onCommand(List<AmfValue> values) {
        String name = ((AmfValue.Text) values.getFirst()).value();
        String code = values.getLast() instanceof AmfValue.Fields fields
                ? fields.text("code").orElse(name)
                : name;
        heard.add(name.equals("onStatus") ? code : name);
    }

    /** Closes the way a killed process does with data on its way: by a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }

    @Override
    public void close() {
        decoder.close();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a client would write after the handshake, as a byte array to take apart. */
    static byte[] bytes(ByteBuf... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf part : parts) {
            all.writeBytes(ByteBufUtil.getBytes(part));
        }
        return all.toByteArray();
    }
}
