/** The syntax of coded video: NAL units, parameter sets and the headers of sequences and frames. */
@org.jspecify.annotations.NullMarked
package xiu.codec.video;
