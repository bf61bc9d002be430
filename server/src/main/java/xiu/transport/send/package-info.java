/** Whether peers take what they are sent, measured by the server itself and not by the kernel's timeouts. */
@NullMarked
package xiu.transport.send;

import org.jspecify.annotations.NullMarked;
