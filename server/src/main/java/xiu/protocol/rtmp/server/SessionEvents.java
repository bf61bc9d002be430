package xiu.protocol.rtmp.server;

import xiu.stream.EndReason;

/** Events that the parts of a session report to it. All calls come on the session's event loop. */
interface SessionEvents {
    /** A message stream begins to publish or play. */
    void onServing();

    /** A message stream has stopped to publish or play. */
    void onStreamIdle();

    /** A playback has ended that had skipped so often. */
    void onSkips(int times);

    /** The session has to end. Only the first reason counts. */
    void end(EndReason reason);
}
