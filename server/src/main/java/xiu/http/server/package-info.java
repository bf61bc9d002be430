/** Listens, and has each connection speak the version of HTTP that it can. */
@NullMarked
package xiu.http.server;

import org.jspecify.annotations.NullMarked;
