/** The bounded logs of a stream: its packets, and their ready bytes per wire format; readers are places in them. */
@org.jspecify.annotations.NullMarked
package xiu.medialog;
