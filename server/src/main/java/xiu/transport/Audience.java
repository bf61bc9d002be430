package xiu.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import xiu.media.WireFormat;
import xiu.medialog.ByteLog;
import xiu.stream.EndReason;
import xiu.stream.LogWatcher;
import xiu.stream.MediaStream;
import xiu.stream.settings.LatencyMode;
import xiu.stream.settings.StreamSettings;

/**
 * The playbacks of one stream in one format on one event loop. It is notified of new packets once for all of them.
 * Confined to the event loop, but for the two callbacks of {@link LogWatcher}.
 */
final class Audience implements LogWatcher {
    private final FanOut fanOut;
    private final MediaStream stream;
    private final WireFormat format;
    private StreamSettings settings;
    private LatencyMode latency;
    private final List<Playback> playbacks = new ArrayList<>();
    private final AtomicBoolean due = new AtomicBoolean();

    Audience(FanOut fanOut, MediaStream stream, WireFormat format) {
        this.fanOut = fanOut;
        this.stream = stream;
        this.format = format;
        this.settings = stream.settings();
        this.latency = latencyOf(settings);
    }

    MediaStream stream() {
        return stream;
    }

    WireFormat format() {
        return format;
    }

    LatencyMode latency() {
        return latency;
    }

    private LatencyMode latencyOf(StreamSettings now) {
        return now.latencyOf(stream.key().toString());
    }

    /** Follows settings that were replaced; about once a second. */
    void inspect() {
        StreamSettings now = stream.settings();
        if (now != settings) {
            settings = now;
            latency = latencyOf(now);
        }
    }

    void add(Playback playback) {
        playback.seat = playbacks.size();
        playbacks.add(playback);
        if (playbacks.size() == 1) {
            stream.watch(this);
        }
    }

    /**
     * A newcomer gets nothing more when the stream has ended, or goes on without this format: it is finished at once.
     */
    void finishIfOver(Playback newcomer, ByteLog log) {
        EndReason over = log.isBroken() ? EndReason.FAILED : stream.endReason();
        if (over != null) {
            newcomer.finish(over);
        }
    }

    /**
     * Takes a playback out. The last one takes over its seat, so that leaving costs the same however many there are.
     */
    void remove(Playback playback) {
        int seat = playback.seat;
        if (seat < 0) {
            return;
        }
        playback.seat = -1;
        Playback last = playbacks.removeLast();
        if (last != playback) {
            playbacks.set(seat, last);
            last.seat = seat;
        }
        if (playbacks.isEmpty()) {
            stream.unwatch(this);
            fanOut.forget(this);
        }
    }

    int size() {
        return playbacks.size();
    }

    /** The playback on this seat, or null when nobody sits there any more. */
    @Nullable
    Playback at(int seat) {
        return seat < playbacks.size() ? playbacks.get(seat) : null;
    }

    /** The pass that serves this audience begins: whatever is appended from now on needs another one. */
    void taken() {
        due.set(false);
    }

    @Override
    public void onAppend(Growth growth) {
        if (growth != Growth.PART && !due.get() && due.compareAndSet(false, true)) {
            fanOut.due(this);
        }
    }

    @Override
    public boolean isEager() {
        return true;
    }

    @Override
    public void onBroken(WireFormat broken) {
        if (broken.equals(format)) {
            onEnd(EndReason.FAILED);
        }
    }

    @Override
    public void onEnd(EndReason reason) {
        fanOut.execute(() -> {
            for (Playback playback : List.copyOf(playbacks)) {
                ContainedTurn.finish(playback, reason);
            }
        });
    }
}
