/** How bytes come in: where a socket is read into, and how much must be there before it is. */
@NullMarked
package xiu.transport.receive;

import org.jspecify.annotations.NullMarked;
