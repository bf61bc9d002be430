/** HTTP/1.1 and WebSocket over a channel: requests in, replies and streams out, and how long each may take. */
@NullMarked
package xiu.http.http1;

import org.jspecify.annotations.NullMarked;
