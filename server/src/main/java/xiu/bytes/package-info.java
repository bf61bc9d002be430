/** Reading and checking raw bytes. */
@org.jspecify.annotations.NullMarked
package xiu.bytes;
