/** Cuts live streams into segments, once for all who deliver or keep them: HLS today. What wants segments listens. */
@org.jspecify.annotations.NullMarked
package xiu.segment;
