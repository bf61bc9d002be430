/** RTMP as a server: one session for each client, from {@code connect} to publishing or playing. */
@NullMarked
package xiu.protocol.rtmp.server;

import org.jspecify.annotations.NullMarked;
