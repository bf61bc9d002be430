/** What goes wrong: faults of our own code kept to what they happened in, troubles of peers counted and rarely logged. */
@NullMarked
package xiu.transport.trouble;

import org.jspecify.annotations.NullMarked;
