/** All settings of the server: where each is read from its file, what it is called there, and when a change of it counts. */
@NullMarked
package xiu.server.settings;

import org.jspecify.annotations.NullMarked;
