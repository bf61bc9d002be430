/** HLS on disk: segments, playlists and recordings, written by a thread of its own. */
@NullMarked
package xiu.protocol.hls.disk;

import org.jspecify.annotations.NullMarked;
