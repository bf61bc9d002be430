/** What a playlist of HLS says (RFC 8216 §4.3). */
@NullMarked
package xiu.protocol.hls.playlist;

import org.jspecify.annotations.NullMarked;
