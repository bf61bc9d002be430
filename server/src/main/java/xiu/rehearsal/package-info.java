/** Plays a server to itself, so that the JVM's start-up cache holds what playing needs: made media, real connections. */
@NullMarked
package xiu.rehearsal;

import org.jspecify.annotations.NullMarked;
