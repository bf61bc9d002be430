#include "floor_log.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

void floor_log_open(struct floor_log *log, size_t size)
{
    memset(log, 0, sizeof *log);
    log->ring = xmalloc(size);
    log->size = size;
}

void floor_log_reset(struct floor_log *log)
{
    log->has_key = false;
    log->key = log->tail;
    log->headers.length = 0;
}

void floor_log_append(struct floor_log *log, const void *data, size_t length)
{
    size_t at = log->tail & (log->size - 1), first = log->size - at;
    if (first > length)
        first = length;
    memcpy(log->ring + at, data, first);
    memcpy(log->ring, (const uint8_t *)data + first, length - first);
    log->tail += length;
}

bool floor_log_send(const struct floor_log *log, int fd, uint64_t *cursor)
{
    size_t at = *cursor & (log->size - 1), length = log->tail - *cursor, first = log->size - at;
    ssize_t sent;
    if (length <= first) {
        sent = send(fd, log->ring + at, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    } else {
        struct iovec parts[2] = { { log->ring + at, first }, { log->ring, length - first } };
        struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
        sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    if (sent > 0)
        *cursor += (uint64_t)sent;
    return *cursor == log->tail;
}
