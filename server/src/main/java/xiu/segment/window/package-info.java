/** The finished segments of a stream that are kept: their numbers, how long each stays, and their bytes. */
@org.jspecify.annotations.NullMarked
package xiu.segment.window;
