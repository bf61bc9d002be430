/* RTMP chunk streams (RTMP 1.0 §5.3): a decoder that copies nothing but the first bytes, and an encoder. */
#ifndef XIU_CHUNK_H
#define XIU_CHUNK_H

#include "buffer.h"
#include "message.h"

#define CHUNK_STREAMS 8
#define CHUNK_MESSAGE_MAX (16u << 20)

struct chunk_stream {
    uint32_t id;
    uint32_t delta;
    struct buffer body; /* the whole message, when the decoder keeps bodies */
    bool extended;
    struct message message;
};

struct chunk_decoder {
    uint32_t chunk_size;
    uint32_t left;        /* payload bytes of the current chunk still to come */
    uint8_t current;      /* index of its chunk stream */
    uint8_t streams_used;
    uint8_t header_length;
    uint8_t header[18];   /* a header that a read cut in two */
    bool hashing;
    bool keeps_bodies;
    struct chunk_stream streams[CHUNK_STREAMS];
};

void chunk_decoder_init(struct chunk_decoder *d, bool hashing);

/* Feeds bytes and calls `each` at the last byte of every message, after applying Set Chunk Size. NULL, or what is wrong. */
const char *chunk_feed(struct chunk_decoder *d, const uint8_t *data, size_t length, message_fn each, void *context,
                       uint64_t now);

/* The whole body of the message that `each` was just given; only with keeps_bodies. */
const uint8_t *chunk_body(const struct chunk_decoder *d);

void chunk_decoder_release(struct chunk_decoder *d);

struct chunk_out {
    uint32_t chunk_stream;
    uint8_t type;
    uint32_t stream_id;
    uint32_t timestamp;
    uint32_t chunk_size;
};

/* Appends one message: a type-0 header, then type-3 headers. */
void chunk_write(struct buffer *to, struct chunk_out out, const uint8_t *body, size_t length);

#endif
