/** A stream as the endless body of an HTTP answer, or over a WebSocket, in any wire format. */
@NullMarked
package xiu.progressive;

import org.jspecify.annotations.NullMarked;
