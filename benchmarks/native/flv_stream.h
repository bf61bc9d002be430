/* An FLV stream that arrives in pieces (Adobe FLV 10.1, annex E); gives each tag as a message. */
#ifndef XIU_FLV_STREAM_H
#define XIU_FLV_STREAM_H

#include "message.h"

struct flv_stream {
    bool started;           /* the file header is behind us */
    bool hashing;
    uint8_t header[15];     /* PreviousTagSize and tag header, or the file header */
    uint8_t header_length;
    struct message message; /* in progress while received < length */
};

void flv_stream_init(struct flv_stream *flv, bool hashing);

/* Feeds bytes; calls `each` at the last byte of every tag. NULL, or what is wrong. */
const char *flv_feed(struct flv_stream *flv, const uint8_t *data, size_t length, message_fn each, void *context,
                     uint64_t now);

#endif
