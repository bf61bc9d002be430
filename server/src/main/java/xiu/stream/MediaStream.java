package xiu.stream;

import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xiu.media.MediaPacket;
import xiu.media.Track;
import xiu.media.TrackKind;
import xiu.media.WireFormat;
import xiu.medialog.ByteLog;
import xiu.medialog.LogReaders;
import xiu.medialog.PacketCursor;
import xiu.medialog.StreamLog;
import xiu.medialog.join.FirstPicture;
import xiu.stream.LogWatcher.Growth;
import xiu.stream.counting.StreamCounters;
import xiu.stream.seam.EventLine;
import xiu.stream.settings.StreamSettings;

/**
 * One live stream: its logs, its publisher and its viewers. Writers take its monitor, which nobody holds for longer
 * than a packet takes to append; readers of the logs take no lock.
 */
public final class MediaStream {
    private final StreamKey key;
    private final StreamHub hub;
    private final EventLine<StreamEvent> events;
    private final StreamCounters counters = new StreamCounters();
    private final Watchers watchers;
    private final Viewers viewers;
    private volatile @Nullable EndReason endReason;
    private volatile @Nullable Publication publication;

    // Guarded by this.
    private final StreamLog log;
    private final LogReaders readers;
    private @Nullable Publication latest;
    private final FirstPicture firstPicture = new FirstPicture();
    private final LogWatcher.Departures departures;

    MediaStream(StreamKey key, StreamHub hub) {
        this.key = key;
        this.hub = hub;
        this.watchers = new Watchers(key);
        this.events = new EventLine<>(hub::emit);
        this.viewers = new Viewers(this, events, hub.counters());
        this.log = new StreamLog(hub.logSettings(), hub.nanoTime());
        this.readers = new LogReaders(
                this, log, hub.timer(), why -> new StreamException(StreamException.Reason.LIMIT, why + " of " + key));
        this.departures = new LogWatcher.Departures(hub.nanoTime().getAsLong());
    }

    /** Its name. */
    public StreamKey key() {
        return key;
    }

    /** Its settings at the moment. */
    public StreamSettings settings() {
        return hub.settings();
    }

    /** What it counts. */
    public StreamCounters counters() {
        return counters;
    }

    /** Its current tracks, metadata first. */
    public List<Track> tracks() {
        return log.tracks();
    }

    /** Its publisher, or null while there is none. */
    public @Nullable Publisher publisher() {
        Publication now = publication;
        return now == null ? null : now.publisher();
    }

    /** The publication by which it is fed, or null while there is none. */
    public @Nullable Publication publication() {
        return publication;
    }

    /** The monotonic clock of all its times, ns. */
    long nanos() {
        return hub.nanoTime().getAsLong();
    }

    /** Why it ended, or null while it lives. */
    public @Nullable EndReason endReason() {
        return endReason;
    }

    /** Its viewers. */
    public Viewers viewers() {
        return viewers;
    }

    /** How many viewers it has. */
    public int viewerCount() {
        return viewers.count();
    }

    /** Bytes of media that its logs hold. */
    public long memory() {
        return log.bytes();
    }

    /**
     * Adds a viewer.
     *
     * @param onKick called on any thread when the viewer must go; it then leaves
     */
    public Viewer join(Peer peer, Consumer<EndReason> onKick) {
        return viewers.join(peer, onKick);
    }

    void left(Viewer viewer, EndReason reason) {
        viewers.left(viewer, reason);
        disposeIfUnused();
    }

    /** Notifies {@code watcher} from now on; when the stream has ended already, only of that, and at once. */
    public void watch(LogWatcher watcher) {
        EndReason over;
        synchronized (this) {
            watchers.add(watcher);
            over = endReason;
        }
        if (over != null && watchers.remove(watcher)) {
            watcher.onEnd(over);
        }
    }

    /** Does not notify {@code watcher} any more. */
    public void unwatch(LogWatcher watcher) {
        watchers.remove(watcher);
    }

    /** Whether somebody needs each frame at once. False: the publisher's socket may then be read only every 200 ms. */
    public boolean isAwaited() {
        return watchers.isAnyEager();
    }

    /** A reader of its packets, from the newest key frame on; the caller closes it. */
    public synchronized PacketCursor openCursor() {
        return log.openCursor();
    }

    /** A cursor has been closed by its reader. */
    public void cursorClosed() {
        disposeIfUnused();
    }

    /**
     * Its ready bytes in a format, for one more of its {@link #readers}. Throws {@link StreamException} when too many
     * uncommon formats are being read.
     */
    public ByteLog byteLog(WireFormat format) {
        return readers.open(format);
    }

    /** The readers of its ready bytes. */
    public LogReaders readers() {
        return readers;
    }

    /** Makes {@code next} the publication that feeds it; returns the one before, which has to be revoked. */
    synchronized @Nullable Publication begin(Publication next) {
        Publication previous = publication;
        if (latest == null) {
            events.add(new StreamEvent.Created(this));
        } else {
            counters.publishedAgain();
            log.restart();
            latest.cancelGrace();
        }
        if (previous != null) {
            events.add(new StreamEvent.Unpublished(this, previous.publisher().peer(), EndReason.TAKEN_OVER));
        }
        events.add(new StreamEvent.Published(this, next.publisher().peer()));
        publication = next;
        latest = next;
        firstPicture.await();
        return previous;
    }

    /** Delivers the events that have been added; outside all locks. */
    void deliverEvents() {
        events.deliver();
    }

    void configure(Publication from, Track track) {
        synchronized (this) {
            if (publication != from || !log.configure(track)) {
                return;
            }
        }
        if (track.kind() == TrackKind.DATA) {
            watchers.notifyAppend(Growth.PART);
        }
    }

    /** False when the packet was held back, because no decoder can begin with it. */
    boolean write(Publication from, MediaPacket packet) {
        Growth growth;
        List<StreamLog.BrokenFormat> broken;
        synchronized (this) {
            if (publication != from) {
                packet.release();
                return true;
            }
            long now = nanos();
            MediaPacket admitted = firstPicture.admit(packet, now);
            if (admitted == null) {
                return false;
            }
            counters.packet(admitted.bytes().readableBytes(), admitted.keyFrame());
            growth = departures.growth(admitted, now);
            log.append(admitted);
            counters.log(log.repairs(), log.cuts());
            broken = log.takeBroken();
        }
        watchers.notifyBroken(broken);
        watchers.notifyAppend(growth);
        return true;
    }

    void ended(Publication from, EndReason reason) {
        synchronized (this) {
            if (publication != from) {
                return;
            }
            publication = null;
            events.add(new StreamEvent.Unpublished(this, from.publisher().peer(), reason));
        }
        events.deliver();
        hub.unpublished(this, from, reason);
    }

    /** Whether nobody has fed it since this publication ended. */
    synchronized boolean isDesertedBy(Publication last) {
        return publication == null && endReason == null && latest == last;
    }

    /** Remembers the timer of the grace period after {@code last}, to cancel it when a publisher comes. */
    synchronized void inGrace(Publication last, Future<?> end) {
        if (isDesertedBy(last)) {
            last.followedBy(end);
        } else {
            end.cancel(false);
        }
    }

    /** Ends the stream for everybody; idempotent. */
    void finish(EndReason reason) {
        List<LogWatcher> removed;
        Publication cut;
        synchronized (this) {
            if (endReason != null) {
                return;
            }
            cut = publication;
            publication = null;
            if (latest != null) {
                latest.cancelGrace();
            }
            latest = null;
            if (cut != null) {
                events.add(new StreamEvent.Unpublished(this, cut.publisher().peer(), reason));
            }
            events.add(new StreamEvent.Ended(this, reason));
            endReason = reason;
            readers.end();
            removed = watchers.removeAll();
        }
        if (cut != null) {
            cut.revoke(reason);
        }
        watchers.notifyEnd(removed, reason);
        events.deliver();
        disposeIfUnused();
    }

    /** Frees the logs of an ended stream when its last reader has left. */
    private synchronized void disposeIfUnused() {
        if (endReason != null && viewers.count() == 0 && log.cursors() == 0) {
            log.dispose();
        }
    }
}
