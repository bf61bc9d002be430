#include "http.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void http_response_reset(struct http_response *r)
{
    free(r->head);
    memset(r, 0, sizeof *r);
}

void http_get(struct conn *conn, const struct url *url, const char *path, const char *extra)
{
    char request[1024];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: xiu-load\r\nAccept: */*\r\n%s\r\n", path,
                          url->host, url->port, extra);
    conn_send(conn, request, (size_t)length);
}

/* The value of a header, or NULL. `head` ends with an empty line and a zero byte. */
static const char *header(const char *head, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = strchr(head, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
        if (strncasecmp(line + 1, name, length) == 0 && line[1 + length] == ':') {
            const char *value = line + 2 + length;
            while (*value == ' ' || *value == '\t')
                value++;
            return value;
        }
    }
    return NULL;
}

static const char *parse_head(struct http_response *r)
{
    if (strncmp(r->head, "HTTP/1.", 7) != 0 || sscanf(r->head + 8, " %d", &r->status) != 1 || r->status < 100)
        return "not HTTP";
    const char *encoding = header(r->head, "Transfer-Encoding"), *length = header(r->head, "Content-Length");
    r->chunked = encoding && strncasecmp(encoding, "chunked", 7) == 0;
    if (!r->chunked && length)
        r->left = strtoull(length, NULL, 10);
    r->to_the_end = !r->chunked && !length;
    if (r->status == 101 || r->status == 204 || r->status == 304)
        r->to_the_end = r->status == 101;
    r->done = !r->chunked && !r->to_the_end && r->left == 0;
    free(r->head);
    r->head = NULL;
    return NULL;
}

static const char *take_head(struct http_response *r, const uint8_t *data, size_t length, size_t *taken)
{
    if (!r->head)
        r->head = xmalloc(HTTP_HEAD_MAX + 1);
    for (size_t i = 0; i < length; i++) {
        if (r->head_length == HTTP_HEAD_MAX)
            return "HTTP head too long";
        r->head[r->head_length++] = (char)data[i];
        if (r->head_length >= 4 && memcmp(r->head + r->head_length - 4, "\r\n\r\n", 4) == 0) {
            r->head[r->head_length] = 0;
            *taken = i + 1;
            return parse_head(r);
        }
    }
    *taken = length;
    return NULL;
}

/* One byte of the line before, between or after chunks. */
static const char *take_chunk_line(struct http_response *r, char byte)
{
    if (byte != '\n') {
        if (r->line_length == sizeof r->line - 1)
            return "HTTP chunk line too long";
        r->line[r->line_length++] = byte;
        return NULL;
    }
    r->line[r->line_length] = 0;
    bool empty = r->line_length == 0 || r->line[0] == '\r';
    r->line_length = 0;
    if (empty) {
        r->done = r->last_chunk;
        return NULL;
    }
    if (r->last_chunk)
        return NULL; /* a trailer */
    if (!isxdigit((unsigned char)r->line[0]))
        return "HTTP chunk size expected";
    r->left = strtoull(r->line, NULL, 16);
    r->last_chunk = r->left == 0;
    return NULL;
}

const char *http_feed(struct http_response *r, const uint8_t *data, size_t length, size_t *taken, body_fn body,
                      void *context, uint64_t now)
{
    const char *error = NULL;
    size_t at = 0, used = 0;
    while (at < length && !r->done && !error) {
        if (r->status == 0) {
            error = take_head(r, data + at, length - at, &used);
            at += used;
        } else if (r->chunked && r->left == 0) {
            error = take_chunk_line(r, (char)data[at++]);
        } else {
            used = r->to_the_end || length - at < r->left ? length - at : (size_t)r->left;
            error = body(context, data + at, used, now);
            at += used;
            r->left -= r->to_the_end ? 0 : used;
            r->done = !r->to_the_end && !r->chunked && r->left == 0;
        }
    }
    *taken = at;
    return error;
}
