/** The seams of HTTP, the same in every version of it: a request's exchange, its route, its reply. No socket is in here. */
@NullMarked
package xiu.http;

import org.jspecify.annotations.NullMarked;
