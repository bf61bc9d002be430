/**
 * What a decoder needs to know of each codec: one configuration record per codec. What the bits within mean is read in
 * {@code codec.video} and {@code codec.audio}. No containers, no sockets.
 */
@org.jspecify.annotations.NullMarked
package xiu.codec;
