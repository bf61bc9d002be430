/* Finds the stamps of the video frames in an MPEG-TS segment (ISO/IEC 13818-1) that arrives in pieces. */
#ifndef XIU_TS_STAMP_H
#define XIU_TS_STAMP_H

#include "stamp.h"

#define TS_PACKET 188
#define TS_FRAME_HEAD 768

struct ts_stream {
    uint8_t packet[TS_PACKET];
    uint32_t packet_length;
    uint32_t video_pid; /* 0: not seen */
    uint8_t continuity;
    bool in_frame;
    uint8_t head[TS_FRAME_HEAD]; /* the first bytes of the frame in progress */
    uint32_t head_length;
};

typedef void (*stamp_fn)(void *context, struct stamp stamp, uint64_t now);

/* Before each segment. */
void ts_begin(struct ts_stream *ts);

/* Feeds bytes. NULL, or what is wrong. */
const char *ts_feed(struct ts_stream *ts, const uint8_t *data, size_t length, stamp_fn each, void *context, uint64_t now);

/* After the last byte of a segment. */
const char *ts_end(struct ts_stream *ts, stamp_fn each, void *context, uint64_t now);

#endif
