/* One stream of the floor program: ready RTMP bytes in a ring, and the sessions that play them. */
#ifndef XIU_FLOOR_LOG_H
#define XIU_FLOOR_LOG_H

#include "buffer.h"

#include <stdbool.h>
#include <sys/types.h>

struct floor_log {
    uint8_t *ring;
    size_t size; /* a power of two */
    uint64_t tail;
    uint64_t key; /* where the last key frame begins */
    bool has_key;
    struct buffer headers; /* metadata and decoder configurations, ready to send */
};

void floor_log_open(struct floor_log *log, size_t size);
void floor_log_reset(struct floor_log *log);
void floor_log_append(struct floor_log *log, const void *data, size_t length);

/* Sends what lies between *cursor and the tail in one call and moves the cursor. False when the socket took less. */
bool floor_log_send(const struct floor_log *log, int fd, uint64_t *cursor);

#endif
