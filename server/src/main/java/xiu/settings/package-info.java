/** Settings that can be replaced while the server runs. */
@NullMarked
package xiu.settings;

import org.jspecify.annotations.NullMarked;
