package xiu.it;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import xiu.container.flv.amf.AmfValue;
import xiu.container.flv.amf.AmfWriter;

/** Publishes the tags of a file by RTMP, as fast as the server takes them or in their own time. Confined to one thread. */
final class TagPublisher implements AutoCloseable {
    private final String name;
    private final RawRtmp client;
    private final Deque<RawRtmp.Frame> left;

    /** Publishes {@code live/name}; nothing of it has been sent yet. */
    TagPublisher(XiuProcess server, String name, Collection<RawRtmp.Frame> tags) {
        this.name = name;
        this.client = RawRtmp.publishing(server, name).await("NetStream.Publish.Start");
        this.left = new ArrayDeque<>(tags);
    }

    /** Sends at once what is before this time, ms. */
    void sendUntil(int millis) {
        while (!left.isEmpty() && left.getFirst().timestamp() < millis) {
            send(left.removeFirst());
        }
    }

    /** Sends what is before this time, ms, as fast as it plays. */
    void playUntil(int millis) {
        if (left.isEmpty()) {
            return;
        }
        long begin = System.nanoTime();
        int first = left.getFirst().timestamp();
        while (!left.isEmpty() && left.getFirst().timestamp() < millis) {
            RawRtmp.Frame next = left.removeFirst();
            long due = begin + Duration.ofMillis(next.timestamp() - first).toNanos();
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                client.read((int) Duration.ofNanos(wait).toMillis() + 1);
            }
            send(next);
        }
    }

    private void send(RawRtmp.Frame tag) {
        if (tag.type() == RawRtmp.DATA) {
            ByteBuf body = Unpooled.buffer();
            new AmfWriter(body).text("@setDataFrame");
            client.message(RawRtmp.DATA, 0, client.stream(), body.writeBytes(tag.body()));
        } else {
            client.media(tag.type(), tag.timestamp(), tag.body());
        }
    }

    /** Ends the stream for all who watch it. */
    void goodbye() {
        client.command(0, "FCUnpublish", 5, AmfValue.Nothing.NULL, AmfValue.of(name));
        client.await("onFCUnpublish");
    }

    @Override
    public void close() {
        client.close();
    }
}
