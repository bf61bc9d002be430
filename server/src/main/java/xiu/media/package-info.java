/** The words everything above is written in: tracks, packets and the formats they travel in. */
@org.jspecify.annotations.NullMarked
package xiu.media;
