#include "message.h"

#include "stamp.h"

#include <string.h>

#define FNV_START 0xcbf29ce484222325ULL
#define FNV_PRIME 0x100000001b3ULL

void message_begin(struct message *m)
{
    m->received = 0;
    m->hash = FNV_START;
}

static uint64_t hash_range(const struct message *m, const uint8_t *data, size_t length)
{
    uint64_t hash = m->hash;
    for (size_t i = 0; i < length; i++) {
        size_t at = m->received + i;
        if (m->type == MESSAGE_VIDEO && at >= STAMP_AT && at < STAMP_AT + STAMP_LENGTH)
            continue; /* rewritten for every frame sent */
        hash = (hash ^ data[i]) * FNV_PRIME;
    }
    return hash;
}

void message_append(struct message *m, const uint8_t *data, size_t length, bool hashing)
{
    if (m->received < MESSAGE_HEAD) {
        size_t room = MESSAGE_HEAD - m->received;
        memcpy(m->head + m->received, data, length < room ? length : room);
    }
    if (hashing)
        m->hash = hash_range(m, data, length);
    m->received += (uint32_t)length;
}

uint64_t message_hash(uint8_t type, const uint8_t *body, size_t length)
{
    struct message m = { .type = type, .length = (uint32_t)length };
    message_begin(&m);
    return hash_range(&m, body, length);
}
