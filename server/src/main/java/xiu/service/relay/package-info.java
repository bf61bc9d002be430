/** Forwards streams to other servers and fetches them from there; speaks no protocol itself. */
@NullMarked
package xiu.service.relay;

import org.jspecify.annotations.NullMarked;
