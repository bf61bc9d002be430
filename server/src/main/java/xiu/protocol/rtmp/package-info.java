/** RTMP: the server for publishers and players, and the client that relays use. */
@NullMarked
package xiu.protocol.rtmp;

import org.jspecify.annotations.NullMarked;
