package xiu.stream;

import java.util.List;
import xiu.medialog.StreamLog.BrokenFormat;
import xiu.stream.LogWatcher.Growth;
import xiu.stream.seam.Listeners;
import xiu.stream.seam.Uncaught;

/** Those who are told when one stream's logs have grown. Whoever throws is told {@code FAILED} and nothing more. Any thread. */
final class Watchers {
    private final StreamKey key;
    private final Listeners<LogWatcher> all = new Listeners<>(this::failed);

    Watchers(StreamKey key) {
        this.key = key;
    }

    void add(LogWatcher watcher) {
        all.add(watcher);
    }

    /** False when it was told no more already. */
    boolean remove(LogWatcher watcher) {
        return all.remove(watcher);
    }

    /** Takes everybody out, to be told of the end. */
    List<LogWatcher> removeAll() {
        return all.removeAll();
    }

    /** Whether one of them wants each frame at once; asked with every read. */
    boolean isAnyEager() {
        return all.any(LogWatcher::isEager);
    }

    void tell(Growth growth) {
        all.tell(LogWatcher::onAppend, growth);
    }

    /** Tells everybody which formats have failed; there are none as a rule. */
    void tellBroken(List<BrokenFormat> formats) {
        if (formats.isEmpty()) {
            return;
        }
        for (BrokenFormat broken : formats) {
            Uncaught.report("stream " + key + ": a format failed: " + broken.format(), broken.fault());
            all.tell(LogWatcher::onBroken, broken.format());
        }
    }

    /** Tells those that were taken out. */
    void tellEnd(List<LogWatcher> removed, EndReason reason) {
        for (LogWatcher watcher : removed) {
            all.tell(watcher, LogWatcher::onEnd, reason);
        }
    }

    /** One that has missed what it was told would wait for ever for the next call, so it hears that this was all. */
    private void failed(LogWatcher watcher, Throwable fault) {
        Uncaught.report("stream " + key + ": a watcher of its logs failed", fault);
        if (all.remove(watcher)) {
            all.tell(watcher, LogWatcher::onEnd, EndReason.FAILED);
        }
    }
}
