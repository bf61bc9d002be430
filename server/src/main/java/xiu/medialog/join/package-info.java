/** Where a stream can be begun, and what of it there is for those who begin. */
@org.jspecify.annotations.NullMarked
package xiu.medialog.join;
