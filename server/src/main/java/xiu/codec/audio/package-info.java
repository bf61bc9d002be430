/** The syntax of coded audio: the headers of frames, and the numbers that stand for rates and layouts. */
@org.jspecify.annotations.NullMarked
package xiu.codec.audio;
