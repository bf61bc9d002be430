/** Connections that the server itself opens: finding the host, and deciding whether to trust it. */
@NullMarked
package xiu.transport.client;

import org.jspecify.annotations.NullMarked;
