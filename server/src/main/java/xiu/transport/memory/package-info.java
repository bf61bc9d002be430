/** How much memory replies hold. */
@NullMarked
package xiu.transport.memory;

import org.jspecify.annotations.NullMarked;
