#include "floor.h"

#include "amf.h"
#include "clock.h"

#include <stdlib.h>
#include <string.h>

#define HANDSHAKE 1536u
#define GRAVE_TIME (50 * NS_PER_MS)

/* Closed sessions wait here until the loop cannot know them any more. */
static struct floor_session *grave[1 << 16];
static uint32_t buried;
static struct timer digger;

static void dig(struct timer *timer, uint64_t now)
{
    (void)timer;
    (void)now;
    while (buried > 0) {
        struct floor_session *session = grave[--buried];
        chunk_decoder_release(&session->in);
        buffer_release(&session->request);
        free(session);
    }
}

static void send_message(struct floor_session *s, uint8_t type, uint32_t stream_id, struct buffer *body)
{
    struct buffer bytes = { 0 };
    uint32_t chunk_stream = type == MESSAGE_COMMAND ? 3 : 2;
    chunk_write(&bytes, (struct chunk_out){ chunk_stream, type, stream_id, 0, FLOOR_CHUNK }, body->data, body->length);
    conn_send(&s->conn, bytes.data, bytes.length);
    buffer_release(&bytes);
    buffer_release(body);
}

static void send_control(struct floor_session *s, uint8_t type, uint64_t value, unsigned bytes)
{
    struct buffer body = { 0 };
    buffer_be(&body, value, bytes);
    send_message(s, type, 0, &body);
}

static void send_status(struct floor_session *s, const char *code)
{
    struct buffer body = { 0 };
    amf_string(&body, "onStatus");
    amf_number(&body, 0);
    amf_null(&body);
    amf_object_begin(&body);
    amf_key(&body, "level");
    amf_string(&body, "status");
    amf_key(&body, "code");
    amf_string(&body, code);
    amf_object_end(&body);
    send_message(s, MESSAGE_COMMAND, 1, &body);
}

static void send_result(struct floor_session *s, double transaction, bool created)
{
    struct buffer body = { 0 };
    amf_string(&body, "_result");
    amf_number(&body, transaction);
    amf_null(&body);
    if (created)
        amf_number(&body, 1);
    else
        amf_null(&body);
    send_message(s, MESSAGE_COMMAND, 0, &body);
}

static void start(struct floor_session *s, bool publish, const char *name)
{
    struct floor_stream *stream = floor_stream_named(name);
    if (!stream || s->publishing || s->playing || (publish && stream->publisher)) {
        conn_close(&s->conn, "refused");
        return;
    }
    send_status(s, publish ? "NetStream.Publish.Start" : "NetStream.Play.Start");
    s->stream = stream;
    if (publish) {
        s->publishing = true;
        stream->publisher = s;
    } else {
        floor_stream_join(stream, s);
    }
}

static void on_command(struct floor_session *s, const struct message *m, const uint8_t *body)
{
    char command[32], name[256];
    size_t at = 0;
    double transaction;
    if (!amf_read_string(body, m->length, &at, command, sizeof command)
        || !amf_read_number(body, m->length, &at, &transaction))
        return;
    bool publish = strcmp(command, "publish") == 0;
    if (strcmp(command, "connect") == 0) {
        send_control(s, MESSAGE_WINDOW, 5000000, 4);
        send_control(s, MESSAGE_PEER_BANDWIDTH, 5000000ULL << 8 | 2, 5);
        send_control(s, MESSAGE_CHUNK_SIZE, FLOOR_CHUNK, 4);
        send_result(s, transaction, false);
    } else if (strcmp(command, "createStream") == 0) {
        send_result(s, transaction, true);
    } else if (publish || strcmp(command, "play") == 0) {
        at += 1; /* null, the command object */
        if (amf_read_string(body, m->length, &at, name, sizeof name))
            start(s, publish, name);
    }
}

static void on_message(void *context, const struct message *m, uint64_t now)
{
    struct floor_session *s = context;
    (void)now;
    bool media = m->type == MESSAGE_AUDIO || m->type == MESSAGE_VIDEO || m->type == MESSAGE_DATA;
    if (m->type == MESSAGE_COMMAND)
        on_command(s, m, chunk_body(&s->in));
    else if (media && s->publishing)
        floor_stream_ingest(s->stream, m, chunk_body(&s->in));
}

/* C0 and C1 are answered as they come: S1 is ours, S2 is C1's bytes. */
static size_t shake(struct floor_session *s, const uint8_t *data, size_t length)
{
    size_t at = s->handshake_bytes, end = 1 + 2 * HANDSHAKE, taken = length < end - at ? length : end - at;
    if (at == 0) {
        uint8_t first[1 + HANDSHAKE] = { 3 };
        if (data[0] != 3) {
            conn_close(&s->conn, "not RTMP");
            return length;
        }
        conn_send(&s->conn, first, sizeof first);
    }
    size_t from = at > 1 ? at : 1, to = at + taken < 1 + HANDSHAKE ? at + taken : 1 + HANDSHAKE;
    if (to > from)
        conn_send(&s->conn, data + (from - at), to - from);
    s->handshake_bytes += (uint32_t)taken;
    return taken;
}

static void on_data(struct conn *conn, const uint8_t *data, size_t length, uint64_t now)
{
    struct floor_session *s = (struct floor_session *)conn;
    if (s->request.length > 0 || (s->handshake_bytes == 0 && data[0] == 0x47)) { /* G of GET */
        floor_http_data(s, data, length);
        return;
    }
    if (s->handshake_bytes < 1 + 2 * HANDSHAKE) {
        size_t taken = shake(s, data, length);
        data += taken;
        length -= taken;
    }
    const char *error = length ? chunk_feed(&s->in, data, length, on_message, s, now) : NULL;
    if (error)
        conn_close(conn, error);
    else if (s->publishing)
        floor_stream_pass(s->stream);
}

static void on_closed(struct conn *conn, const char *why)
{
    struct floor_session *s = (struct floor_session *)conn;
    (void)why;
    if (s->stream)
        floor_stream_leave(s);
    grave[buried++] = s;
    digger.fire = dig;
    timer_set(&digger, now_ns() + GRAVE_TIME);
}

void floor_session_open(int fd)
{
    struct floor_session *s = xcalloc(1, sizeof *s);
    chunk_decoder_init(&s->in, false);
    s->in.keeps_bodies = true;
    s->conn.data = on_data;
    s->conn.closed = on_closed;
    conn_accept(&s->conn, fd);
}
