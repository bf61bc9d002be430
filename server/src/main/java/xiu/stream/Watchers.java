package xiu.stream;

import java.util.List;
import xiu.medialog.StreamLog.BrokenFormat;
import xiu.stream.LogWatcher.Growth;
import xiu.stream.seam.Listeners;
import xiu.stream.seam.Uncaught;

/**
 * The watchers of one stream's logs. A watcher that throws is notified of {@code FAILED} and of nothing more. Any
 * thread.
 */
final class Watchers {
    private final StreamKey key;
    private final Listeners<LogWatcher> all = new Listeners<>(this::failed);

    Watchers(StreamKey key) {
        this.key = key;
    }

    void add(LogWatcher watcher) {
        all.add(watcher);
    }

    /** False when it had been removed before. */
    boolean remove(LogWatcher watcher) {
        return all.remove(watcher);
    }

    /** Removes all watchers; the caller notifies them of the end. */
    List<LogWatcher> removeAll() {
        return all.removeAll();
    }

    /** Whether one of them needs each frame at once; asked with every read. */
    boolean isAnyEager() {
        return all.any(LogWatcher::isEager);
    }

    void notifyAppend(Growth growth) {
        all.call(LogWatcher::onAppend, growth);
    }

    /** Notifies all watchers of the formats that have failed; usually there are none. */
    void notifyBroken(List<BrokenFormat> formats) {
        if (formats.isEmpty()) {
            return;
        }
        for (BrokenFormat broken : formats) {
            Uncaught.report("stream " + key + ": a format failed: " + broken.format(), broken.fault());
            all.call(LogWatcher::onBroken, broken.format());
        }
    }

    /** Notifies watchers that were removed. */
    void notifyEnd(List<LogWatcher> removed, EndReason reason) {
        for (LogWatcher watcher : removed) {
            all.call(watcher, LogWatcher::onEnd, reason);
        }
    }

    /** A watcher that has thrown may have missed what would wake it the next time, so it is ended. */
    private void failed(LogWatcher watcher, Throwable fault) {
        Uncaught.report("stream " + key + ": a watcher of its logs failed", fault);
        if (all.remove(watcher)) {
            all.call(watcher, LogWatcher::onEnd, EndReason.FAILED);
        }
    }
}
