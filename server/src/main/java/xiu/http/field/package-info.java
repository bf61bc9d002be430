/** Values of header fields, read. */
@NullMarked
package xiu.http.field;

import org.jspecify.annotations.NullMarked;
