/** The media that the benchmarks work on. */
@NullMarked
package xiu.media;

import org.jspecify.annotations.NullMarked;
