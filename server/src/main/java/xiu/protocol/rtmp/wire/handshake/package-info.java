/** The RTMP handshake of servers and clients, simple or with digests. */
@NullMarked
package xiu.protocol.rtmp.wire.handshake;

import org.jspecify.annotations.NullMarked;
