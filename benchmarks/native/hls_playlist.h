/* A media playlist as far as a poller needs it (RFC 8216 §4.3). */
#ifndef XIU_HLS_PLAYLIST_H
#define XIU_HLS_PLAYLIST_H

#include <stdbool.h>
#include <stdint.h>

#define HLS_SEGMENTS_MAX 32

struct hls_playlist {
    bool master;
    double target_s;
    uint64_t sequence; /* of segments[0], after the oldest ones that did not fit are dropped */
    uint32_t count;
    char segments[HLS_SEGMENTS_MAX][256]; /* URIs as they stand; of a master playlist the variants */
};

/* Changes `text`. NULL, or what is wrong. */
const char *hls_playlist_parse(struct hls_playlist *playlist, char *text);

/* The path of `uri` as seen from the playlist's path. False when it is on another server. */
bool hls_resolve(char out[512], const char *playlist_path, const char *uri);

#endif
