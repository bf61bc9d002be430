/** RTMP: what the server and the client sides share, from settings to commands. */
@NullMarked
package xiu.protocol.rtmp;

import org.jspecify.annotations.NullMarked;
