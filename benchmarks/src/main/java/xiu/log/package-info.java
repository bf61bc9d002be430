/** What appending to a stream's logs and reading from them costs. */
@NullMarked
package xiu.log;

import org.jspecify.annotations.NullMarked;
