/** What RTMP's chunks cost. */
@NullMarked
package xiu.protocol.rtmp.wire;

import org.jspecify.annotations.NullMarked;
