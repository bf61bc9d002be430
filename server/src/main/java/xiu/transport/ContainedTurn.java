package xiu.transport;

import io.netty.channel.Channel;
import xiu.stream.EndReason;
import xiu.transport.trouble.Faults;

/**
 * What an event loop does for one playback, so that whatever is thrown (by its session, by the log, by memory that is out)
 * ends this playback with {@link EndReason#FAILED} and no other. It costs nothing while nothing is thrown.
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

    /** Tells the session that its playback is over; one that fails at that has nobody left who would close it. */
    static void tell(Playback.Listener listener, EndReason reason, Channel channel) {
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
