/** What H.264 and HEVC have in common: types of NAL units, and the parameter sets by which pictures are decoded. */
@org.jspecify.annotations.NullMarked
package xiu.codec.nal;
