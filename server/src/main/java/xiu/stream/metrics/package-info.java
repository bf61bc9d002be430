/** The metrics of streams and viewers. */
@NullMarked
package xiu.stream.metrics;

import org.jspecify.annotations.NullMarked;
