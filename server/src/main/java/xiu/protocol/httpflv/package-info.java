/** FLV over HTTP and over WebSocket. */
@NullMarked
package xiu.protocol.httpflv;

import org.jspecify.annotations.NullMarked;
