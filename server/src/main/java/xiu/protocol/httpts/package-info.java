/** MPEG-TS over HTTP, without end. */
@NullMarked
package xiu.protocol.httpts;

import org.jspecify.annotations.NullMarked;
