/** Texts of others on their way into the log. */
@NullMarked
package xiu.stream.text;

import org.jspecify.annotations.NullMarked;
