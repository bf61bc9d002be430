/** How connections end so that their last words are read. */
@NullMarked
package xiu.transport.closing;

import org.jspecify.annotations.NullMarked;
