package xiu.protocol.rtmp.server;

import xiu.stream.EndReason;

/** What the parts of a session report to it. All calls come on the session's event loop. */
interface SessionEvents {
    /** A message stream publishes or plays from now on. */
    void onServing();

    /** A message stream has ended what it did. */
    void onStreamIdle();

    /** A playback has ended that had skipped so often. */
    void onSkips(int times);

    /** The session has to end. Only the first reason counts. */
    void end(EndReason reason);
}
