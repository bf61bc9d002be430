/** Seams of relays: how a stream is fetched from elsewhere and carried elsewhere, whatever the protocol. */
@NullMarked
package xiu.stream.relay;

import org.jspecify.annotations.NullMarked;
