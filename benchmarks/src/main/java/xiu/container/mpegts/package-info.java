/** What writing a transport stream costs. */
@NullMarked
package xiu.container.mpegts;

import org.jspecify.annotations.NullMarked;
