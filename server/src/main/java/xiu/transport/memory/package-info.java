/** Memory of which the kernel can send parts without copying them. */
@NullMarked
package xiu.transport.memory;

import org.jspecify.annotations.NullMarked;
