#include "chunk.h"

#include <string.h>

#define EXTENDED 0xffffffu

static const char malformed[] = "malformed chunk";

void chunk_decoder_init(struct chunk_decoder *d, bool hashing)
{
    memset(d, 0, offsetof(struct chunk_decoder, streams));
    d->chunk_size = 128;
    d->hashing = hashing;
}

static struct chunk_stream *stream_of(struct chunk_decoder *d, uint32_t id)
{
    for (unsigned i = 0; i < d->streams_used; i++)
        if (d->streams[i].id == id)
            return &d->streams[i];
    if (d->streams_used == CHUNK_STREAMS)
        return NULL;
    struct chunk_stream *s = &d->streams[d->streams_used++];
    memset(s, 0, sizeof *s);
    s->id = id;
    return s;
}

/* A basic and message header (§5.3.1): `used` its length, 0 when bytes are missing. */
static const char *read_header(struct chunk_decoder *d, const uint8_t *p, size_t length, size_t *used)
{
    static const uint8_t sizes[] = { 11, 7, 3, 0 };
    *used = 0;
    unsigned format = p[0] >> 6, id = p[0] & 63, at = id == 0 ? 2 : id == 1 ? 3 : 1;
    if (length < at + sizes[format])
        return NULL;
    if (at > 1)
        id = at == 2 ? 64u + p[1] : 64u + p[1] + 256u * p[2];
    struct chunk_stream *s = stream_of(d, id);
    if (!s)
        return "too many chunk streams";
    bool starts = s->message.received == s->message.length;
    uint32_t time = format < 3 ? read_be(p + at, 3) : 0;
    bool extended = format < 3 ? time == EXTENDED : s->extended;
    unsigned end = at + sizes[format] + (extended ? 4 : 0);
    if (length < end)
        return NULL;
    if (format < 3 && !starts)
        return malformed;
    s->extended = extended;
    if (extended)
        time = read_be(p + end - 4, 4);
    if (format < 2) {
        s->message.length = read_be(p + at + 3, 3);
        s->message.type = p[at + 6];
        if (s->message.length > CHUNK_MESSAGE_MAX)
            return malformed;
    }
    if (format == 0) {
        s->message.stream_id = p[at + 7] | (uint32_t)p[at + 8] << 8;
        s->message.timestamp = time;
        s->delta = 0;
    } else if (format < 3) {
        s->delta = time;
    }
    if (starts) {
        if (format > 0)
            s->message.timestamp += s->delta;
        message_begin(&s->message);
        s->body.length = 0;
    }
    uint32_t missing = s->message.length - s->message.received;
    d->current = (uint8_t)(s - d->streams);
    d->left = missing < d->chunk_size ? missing : d->chunk_size;
    *used = end;
    return NULL;
}

/* Takes a header from `data`, together with what an earlier read left; returns the bytes of `data` it took. */
static const char *take_header(struct chunk_decoder *d, const uint8_t *data, size_t length, size_t *taken)
{
    size_t used;
    const char *error;
    if (d->header_length == 0) {
        error = read_header(d, data, length, &used);
        if (used || error) {
            *taken = used;
            return error;
        }
    }
    size_t room = sizeof d->header - d->header_length, more = length < room ? length : room;
    memcpy(d->header + d->header_length, data, more);
    error = read_header(d, d->header, d->header_length + more, &used);
    *taken = used ? used - d->header_length : more;
    d->header_length = used ? 0 : (uint8_t)(d->header_length + more);
    return error;
}

static const char *finish(struct chunk_decoder *d, struct message *m, message_fn each, void *context, uint64_t now)
{
    if (m->type == MESSAGE_CHUNK_SIZE && m->length >= 4) {
        d->chunk_size = read_be(m->head, 4) & 0x7fffffff;
        if (d->chunk_size == 0)
            return "chunk size 0";
    }
    each(context, m, now);
    m->received = m->length; /* `each` may not change it; the next header starts a message */
    return NULL;
}

const char *chunk_feed(struct chunk_decoder *d, const uint8_t *data, size_t length, message_fn each, void *context,
                       uint64_t now)
{
    while (length > 0) {
        const char *error = NULL;
        size_t taken = 0;
        bool header = d->left == 0;
        if (header) {
            error = take_header(d, data, length, &taken);
            if (!error && d->header_length > 0)
                return NULL;
        } else {
            taken = length < d->left ? length : d->left;
            if (d->keeps_bodies)
                buffer_add(&d->streams[d->current].body, data, taken);
            message_append(&d->streams[d->current].message, data, taken, d->hashing);
            d->left -= (uint32_t)taken;
        }
        if (error)
            return error;
        data += taken;
        length -= taken;
        struct message *m = &d->streams[d->current].message;
        if (d->left == 0 && m->received == m->length && (error = finish(d, m, each, context, now)))
            return error;
    }
    return NULL;
}

const uint8_t *chunk_body(const struct chunk_decoder *d)
{
    return d->streams[d->current].body.data;
}

void chunk_decoder_release(struct chunk_decoder *d)
{
    for (unsigned i = 0; i < d->streams_used; i++)
        buffer_release(&d->streams[i].body);
}

void chunk_write(struct buffer *to, struct chunk_out out, const uint8_t *body, size_t length)
{
    bool extended = out.timestamp >= EXTENDED;
    buffer_u8(to, out.chunk_stream);
    buffer_be(to, extended ? EXTENDED : out.timestamp, 3);
    buffer_be(to, length, 3);
    buffer_u8(to, out.type);
    buffer_be(to, __builtin_bswap32(out.stream_id), 4);
    if (extended)
        buffer_be(to, out.timestamp, 4);
    while (length > out.chunk_size) {
        buffer_add(to, body, out.chunk_size);
        body += out.chunk_size;
        length -= out.chunk_size;
        buffer_u8(to, 0xc0 | out.chunk_stream);
        if (extended)
            buffer_be(to, out.timestamp, 4);
    }
    buffer_add(to, body, length);
}
