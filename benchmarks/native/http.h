/* The client side of HTTP/1.1 as far as players need it: a GET, a response head, a body with either framing. */
#ifndef XIU_HTTP_H
#define XIU_HTTP_H

#include "buffer.h"
#include "conn.h"

#include <stdbool.h>

#define HTTP_HEAD_MAX 4096

typedef const char *(*body_fn)(void *context, const uint8_t *data, size_t length, uint64_t now);

struct http_response {
    char *head; /* only until it is complete */
    uint32_t head_length;
    int status; /* 0: the head is not complete */
    bool chunked, done;
    bool to_the_end;    /* the body ends with the connection */
    uint64_t left;      /* of the body, or of the current chunk */
    char line[20];      /* a chunk-size line in pieces */
    uint8_t line_length;
    bool last_chunk;
};

/* Ready for the next response of the connection. */
void http_response_reset(struct http_response *response);

/* Sends GET with keep-alive; `extra` holds further header lines, each with CRLF, or "". */
void http_get(struct conn *conn, const struct url *url, const char *path, const char *extra);

/* Takes bytes up to the end of the response, hands the body on and says how many it took. NULL, or what is wrong. */
const char *http_feed(struct http_response *response, const uint8_t *data, size_t length, size_t *taken, body_fn body,
                      void *context, uint64_t now);

#endif
