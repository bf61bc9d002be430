package xiu.protocol.rtmp.server;

import xiu.stream.EndReason;

/** What a message stream is used for, from the request on: {@link Publishing} or {@link Playing}. */
interface StreamUse {
    /** Ends it without a status. */
    void end(EndReason reason);
}
