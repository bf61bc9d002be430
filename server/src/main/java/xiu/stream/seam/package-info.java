/** How a stream calls what others have written: whatever they throw, and whether they answer at all, it goes on. */
@NullMarked
package xiu.stream.seam;

import org.jspecify.annotations.NullMarked;
