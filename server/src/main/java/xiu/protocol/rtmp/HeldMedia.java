package xiu.protocol.rtmp;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import xiu.protocol.rtmp.wire.RtmpMessage.Media;

/** Media messages that come before their stream may begin; bounded. Confined to an event loop. */
public final class HeldMedia {
    private final int mostMessages;
    private final int mostBytes;
    private final ArrayDeque<Media> messages = new ArrayDeque<>();
    private int bytes;

    /** Empty; holds at most this. */
    public HeldMedia(int mostMessages, int mostBytes) {
        this.mostMessages = mostMessages;
        this.mostBytes = mostBytes;
    }

    /** Holds one more message, or releases it when there is no room; consumed. */
    public void hold(Media media) {
        int more = media.body().readableBytes();
        if (messages.size() >= mostMessages || bytes + more > mostBytes) {
            media.body().release();
        } else {
            bytes += more;
            messages.add(media.kept());
        }
    }

    /**
     * Adds the message that ends the wait, without regard to the bounds: it is passed on, or released, before this read
     * is over.
     */
    public void addLast(Media media) {
        messages.add(media);
    }

    /** Passes all messages on, in order; consumed by {@code to}. When that throws, the remaining ones stay. */
    public void drain(Consumer<Media> to) {
        for (Media next = messages.poll(); next != null; next = messages.poll()) {
            to.accept(next);
        }
        bytes = 0;
    }

    /** Releases all messages. */
    public void release() {
        messages.forEach(media -> media.body().release());
        messages.clear();
        bytes = 0;
    }
}
