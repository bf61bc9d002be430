/** Netty plumbing that every protocol shares: event loops, listeners, the pump from a cursor to a socket. */
@NullMarked
package xiu.transport;

import org.jspecify.annotations.NullMarked;
