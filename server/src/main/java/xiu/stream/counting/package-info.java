/** What is counted about streams, where it happens; named for metrics in {@code xiu.stream.metrics}. */
@NullMarked
package xiu.stream.counting;

import org.jspecify.annotations.NullMarked;
