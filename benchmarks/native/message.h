/* One media or control message while it arrives: its header, its first bytes and, for checked players, a hash. */
#ifndef XIU_MESSAGE_H
#define XIU_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RTMP 1.0 §5.4, §6 and §7.1; FLV uses 8, 9 and 18 with the same meaning. */
enum message_type {
    MESSAGE_CHUNK_SIZE = 1,
    MESSAGE_ABORT = 2,
    MESSAGE_ACK = 3,
    MESSAGE_USER_CONTROL = 4,
    MESSAGE_WINDOW = 5,
    MESSAGE_PEER_BANDWIDTH = 6,
    MESSAGE_AUDIO = 8,
    MESSAGE_VIDEO = 9,
    MESSAGE_DATA = 18,
    MESSAGE_COMMAND = 20
};

#define MESSAGE_HEAD 160

struct message {
    uint8_t type;
    uint32_t timestamp;
    uint32_t length;
    uint32_t received;
    uint32_t stream_id;
    uint64_t hash;
    uint8_t head[MESSAGE_HEAD];
};

typedef void (*message_fn)(void *context, const struct message *message, uint64_t now);

void message_begin(struct message *m);
void message_append(struct message *m, const uint8_t *data, size_t length, bool hashing);

/* How much of the body `head` holds. */
static inline uint32_t message_head_length(const struct message *m)
{
    return m->length < MESSAGE_HEAD ? m->length : MESSAGE_HEAD;
}

/* Hash of a whole body as message_append computes it: FNV-1a, without the bytes of a video frame's stamp. */
uint64_t message_hash(uint8_t type, const uint8_t *body, size_t length);

#endif
