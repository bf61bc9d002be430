/** The memory that a stream's logs write to, which goes round instead of back to the system. */
@org.jspecify.annotations.NullMarked
package xiu.medialog.memory;
