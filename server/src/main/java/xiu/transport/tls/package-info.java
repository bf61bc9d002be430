/** TLS of our own listeners: certificates, which of them a client gets, and how they are replaced. */
@NullMarked
package xiu.transport.tls;

import org.jspecify.annotations.NullMarked;
