/** The core: the hub of live streams, the packet log of each, and the cursors of its viewers; knows no protocol. */
@NullMarked
package xiu.stream;

import org.jspecify.annotations.NullMarked;
