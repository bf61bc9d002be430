/* The client side of WebSocket frames (RFC 6455 §5.2). */
#ifndef XIU_WS_H
#define XIU_WS_H

#include "http.h"

struct ws_stream {
    uint8_t header[10];
    uint8_t header_length;
    uint8_t opcode;
    uint64_t left;
    uint8_t ping[125];
    uint8_t ping_length;
};

/* The header lines that ask for an upgrade. */
extern const char ws_upgrade[];

/* The answer to exactly that request, for the floor program. */
extern const char ws_switching[];

/* Feeds bytes; data frames go to `body`, pings are answered on `conn`. NULL, or what is wrong. */
const char *ws_feed(struct ws_stream *ws, struct conn *conn, const uint8_t *data, size_t length, body_fn body,
                    void *context, uint64_t now);

#endif
