/** HTTP Live Streaming with MPEG-TS segments. */
@NullMarked
package xiu.protocol.hls;

import org.jspecify.annotations.NullMarked;
