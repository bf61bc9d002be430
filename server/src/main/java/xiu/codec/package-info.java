/** What a coded sample means; no containers, no sockets. */
@org.jspecify.annotations.NullMarked
package xiu.codec;
