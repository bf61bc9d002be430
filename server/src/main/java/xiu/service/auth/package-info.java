/** Who may publish and play, decided by tokens. */
@NullMarked
package xiu.service.auth;

import org.jspecify.annotations.NullMarked;
