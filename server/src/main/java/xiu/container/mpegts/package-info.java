/** MPEG transport streams (ISO/IEC 13818-1): packets of coded frames to packets of 188 bytes. */
@NullMarked
package xiu.container.mpegts;

import org.jspecify.annotations.NullMarked;
