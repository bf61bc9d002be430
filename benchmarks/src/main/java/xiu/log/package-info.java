/** What appending to a stream's logs and reading from them costs. */
@NullMarked
package xiu.medialog;

import org.jspecify.annotations.NullMarked;
