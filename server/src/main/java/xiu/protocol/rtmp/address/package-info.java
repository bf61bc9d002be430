/** Where a stream is: as a peer names it here, and as a URL at another server. */
@NullMarked
package xiu.protocol.rtmp.address;

import org.jspecify.annotations.NullMarked;
