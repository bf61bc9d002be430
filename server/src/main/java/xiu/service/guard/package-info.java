/** Keeps the whole server within what the machine gives it. */
@org.jspecify.annotations.NullMarked
package xiu.service.guard;
