/** The numbers of a server by name: parts register what they count, and whoever wants to know reads all of it at once. */
@NullMarked
package xiu.metrics;

import org.jspecify.annotations.NullMarked;
