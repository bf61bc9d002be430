/** What a request for a playlist or a segment costs. */
@NullMarked
package xiu.protocol.hls;

import org.jspecify.annotations.NullMarked;
