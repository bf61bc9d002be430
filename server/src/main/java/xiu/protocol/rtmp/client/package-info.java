/** RTMP as a client of other servers: what relays fetch streams by, and send them by. */
@NullMarked
package xiu.protocol.rtmp.client;

import org.jspecify.annotations.NullMarked;
