/** TOML files to settings records, with errors that name file, line and key. */
@NullMarked
package xiu.config;

import org.jspecify.annotations.NullMarked;
