/* One client TCP connection: non-blocking connect, a shared read buffer, a queue for what the socket does not take. */
#ifndef XIU_CONN_H
#define XIU_CONN_H

#include "buffer.h"
#include "loop.h"
#include "url.h"

#include <sys/types.h>

struct conn {
    struct source source; /* first: source.fd is -1 while closed */
    bool connected;
    bool paused;
    bool wants_write; /* call `writable` once when the socket takes bytes again */
    struct buffer out;
    void (*opened)(struct conn *conn);
    void (*data)(struct conn *conn, const uint8_t *data, size_t length, uint64_t now);
    void (*closed)(struct conn *conn, const char *why);
    void (*writable)(struct conn *conn); /* only with wants_write */
};

/* Begins to connect; the three callbacks must be set. Calls `closed` at once when that is impossible. */
void conn_open(struct conn *conn, const struct url *url);

/* Takes over an accepted socket; `data` and `closed` must be set. */
void conn_accept(struct conn *conn, int fd);

/* Asks for one call of `writable`. */
void conn_want_write(struct conn *conn);

/* Sends or queues. */
void conn_send(struct conn *conn, const void *data, size_t length);

/* Bytes the peer has not taken yet. */
size_t conn_backlog(const struct conn *conn);

/* Stops reading for good: the stalled player. */
void conn_pause(struct conn *conn);

/* From now on data comes in pieces of this many bytes, for less work. */
void conn_gather(struct conn *conn, int bytes);

/* Closes and calls `closed`, once. */
void conn_close(struct conn *conn, const char *why);

#endif
