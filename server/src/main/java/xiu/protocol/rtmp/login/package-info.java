/** The dialogue by which encoders show a user and a password, from both ends. */
@NullMarked
package xiu.protocol.rtmp.login;

import org.jspecify.annotations.NullMarked;
