package xiu.transport;

import io.netty.channel.Channel;
import xiu.stream.EndReason;
import xiu.transport.trouble.Faults;

/**
 * Calls that an event loop makes for one playback. Whatever they throw (from its session, from the log, for lack of
 * memory) ends this playback with {@link EndReason#FAILED} and no other. Costs nothing while nothing is thrown.
 */
final class ContainedTurn {
    private ContainedTurn() {}

    static void pump(Playback playback) {
        try {
            playback.pump();
        } catch (Throwable fault) {
            playback.failed(fault);
        }
    }

    static void drained(Playback playback) {
        try {
            playback.drained();
        } catch (Throwable fault) {
            playback.failed(fault);
        }
    }

    static void inspect(Playback playback, long now) {
        try {
            playback.inspect(now);
        } catch (Throwable fault) {
            playback.failed(fault);
        }
    }

    static void finish(Playback playback, EndReason reason) {
        try {
            playback.finish(reason);
        } catch (Throwable fault) {
            playback.failed(fault);
        }
    }

    /** Notifies the session that its playback is over. If the session throws, nobody else would close the channel. */
    static void notifyEnded(Playback.Listener listener, EndReason reason, Channel channel) {
        try {
            listener.onPlaybackEnded(reason);
        } catch (Throwable fault) {
            report(listener, fault);
            channel.close();
        }
    }

    static void report(Playback.Listener listener, Throwable fault) {
        Faults.contained("fault_playback", listener.peer(), fault);
    }
}
