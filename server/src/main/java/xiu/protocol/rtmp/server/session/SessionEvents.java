package xiu.protocol.rtmp.server.session;

import xiu.stream.EndReason;
import xiu.stream.Viewer;

/** Events that the parts of a session report to it. All calls come on the session's event loop. */
public interface SessionEvents {
    /** A message stream begins to publish or play. */
    void onServing();

    /** A message stream has stopped to publish or play. */
    void onStreamIdle();

    /** A playback of this viewer has ended. */
    void onPlayed(Viewer viewer);

    /** The session has to end. Only the first reason counts. */
    void end(EndReason reason);
}
