/** What the parts of an RTMP session share: its connection, what it was given, and the events that they report to it. */
@NullMarked
package xiu.protocol.rtmp.server.session;

import org.jspecify.annotations.NullMarked;
