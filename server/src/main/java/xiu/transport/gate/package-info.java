/** Who may connect, while not everybody can. */
@NullMarked
package xiu.transport.gate;

import org.jspecify.annotations.NullMarked;
