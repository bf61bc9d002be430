/** One HTTP server for everything that is served by HTTP. */
@NullMarked
package xiu.http;

import org.jspecify.annotations.NullMarked;
