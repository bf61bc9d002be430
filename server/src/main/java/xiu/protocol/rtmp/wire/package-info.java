/** RTMP as bytes: handshakes, chunks and messages, in both directions. */
@NullMarked
package xiu.protocol.rtmp.wire;

import org.jspecify.annotations.NullMarked;
