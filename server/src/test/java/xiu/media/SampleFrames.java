package xiu.media;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads {@link SampleFormat} as it arrives, in pieces of any size. One thread writes; any may look. */
public final class SampleFrames {
    private final ByteBuf pending = Unpooled.buffer();
    private final List<String> texts = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private long bytes;

    /** Takes what has arrived; borrows it. */
    public synchronized void accept(ByteBuf arrived) {
        bytes += arrived.readableBytes();
        pending.writeBytes(arrived, arrived.readerIndex(), arrived.readableBytes());
        while (pending.readableBytes() >= 5
                && pending.readableBytes() >= 5 + pending.getInt(pending.readerIndex() + 1)) {
            int type = pending.readByte();
            read(type, pending.readSlice(pending.readInt()));
        }
        pending.discardReadBytes();
    }

    private void read(int type, ByteBuf payload) {
        switch (type) {
            case SampleFormat.BEGIN -> texts.add("begin " + payload.readInt());
            case SampleFormat.CONFIGURATION -> {
                payload.readInt();
                texts.add(payload.toString(StandardCharsets.UTF_8));
            }
            case SampleFormat.PACKET -> {
                int track = payload.readInt();
                long millis = payload.readLong() / 1000;
                String key = payload.readByte() == 1 ? " key" : "";
                numbers.add(SampleMedia.number(payload));
                texts.add((track == Track.VIDEO_ID ? "v" : track == Track.AUDIO_ID ? "a" : "d") + millis + key);
            }
            default -> throw new AssertionError("type: " + type + " (expected: a frame's beginning)");
        }
    }

    /** Each frame as a short text: {@code begin 2}, {@code video header}, {@code v40 key}. */
    public synchronized List<String> texts() {
        return List.copyOf(texts);
    }

    /** The numbers of the packets. */
    public synchronized List<Long> numbers() {
        return List.copyOf(numbers);
    }

    /** The numbers since the last call, and nothing of them is kept. */
    public synchronized List<Long> takeNumbers() {
        List<Long> taken = List.copyOf(numbers);
        numbers.clear();
        texts.clear();
        return taken;
    }

    /** The newest number, or -1. */
    public synchronized long newest() {
        return numbers.isEmpty() ? -1 : numbers.getLast();
    }

    /** How many bytes have arrived. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Whether nothing is left over: the last frame is complete. */
    public synchronized boolean isComplete() {
        return !pending.isReadable();
    }
}
