/** The settings of streams: the {@code [stream]} table and the limits that bound streams and their viewers. */
@NullMarked
package xiu.stream.settings;

import org.jspecify.annotations.NullMarked;
