#include "rtmp_client.h"

#include "amf.h"

#include <stdio.h>
#include <string.h>

#define HANDSHAKE 1536u
#define PING_REQUEST 6
#define PING_RESPONSE 7

static void send_message(struct rtmp_client *client, struct chunk_out out, const struct buffer *body)
{
    struct buffer bytes = { 0 };
    out.chunk_size = RTMP_CLIENT_CHUNK;
    chunk_write(&bytes, out, body->data, body->length);
    conn_send(&client->conn, bytes.data, bytes.length);
    buffer_release(&bytes);
}

static void send_control(struct rtmp_client *client, uint8_t type, uint64_t value, unsigned bytes)
{
    struct buffer body = { 0 };
    buffer_be(&body, value, bytes);
    send_message(client, (struct chunk_out){ .chunk_stream = 2, .type = type }, &body);
    buffer_release(&body);
}

static void send_command(struct rtmp_client *client, uint32_t stream_id, struct buffer *body)
{
    struct chunk_out out = { .chunk_stream = stream_id ? 8 : 3, .type = MESSAGE_COMMAND, .stream_id = stream_id };
    send_message(client, out, body);
    buffer_release(body);
}

static void send_connect(struct rtmp_client *client)
{
    char app[256], name[256], tc_url[600];
    url_split(client->url, app, name);
    snprintf(tc_url, sizeof tc_url, "rtmp://%s:%s/%s", client->url->host, client->url->port, app);
    struct buffer body = { 0 };
    amf_string(&body, "connect");
    amf_number(&body, 1);
    amf_object_begin(&body);
    amf_key(&body, "app");
    amf_string(&body, app);
    amf_key(&body, "type");
    amf_string(&body, "nonprivate");
    amf_key(&body, "flashVer");
    amf_string(&body, "FMLE/3.0 (compatible; xiu-load)");
    amf_key(&body, "tcUrl");
    amf_string(&body, tc_url);
    amf_object_end(&body);
    send_control(client, MESSAGE_CHUNK_SIZE, RTMP_CLIENT_CHUNK, 4);
    send_command(client, 0, &body);
    client->state = RTMP_CONNECT;
}

static void send_create(struct rtmp_client *client)
{
    struct buffer body = { 0 };
    amf_string(&body, "createStream");
    amf_number(&body, 2);
    amf_null(&body);
    send_command(client, 0, &body);
    client->state = RTMP_CREATE;
}

static void send_request(struct rtmp_client *client)
{
    char app[256], name[256];
    url_split(client->url, app, name);
    struct buffer body = { 0 };
    amf_string(&body, client->publishing ? "publish" : "play");
    amf_number(&body, 3);
    amf_null(&body);
    amf_string(&body, name);
    if (client->publishing)
        amf_string(&body, "live");
    else
        amf_number(&body, -2);
    client->state = RTMP_ASKED;
    send_command(client, client->stream_id, &body);
    client->asked(client);
}

static void on_result(struct rtmp_client *client, const struct message *m, size_t at)
{
    if (client->state == RTMP_CONNECT) {
        send_create(client);
    } else if (client->state == RTMP_CREATE) {
        double id = 1;
        at += 1; /* null, the command object */
        amf_read_number(m->head, message_head_length(m), &at, &id);
        client->stream_id = (uint32_t)id;
        send_request(client);
    }
}

static void on_status(struct rtmp_client *client, const struct message *m)
{
    size_t length = message_head_length(m);
    if (memmem(m->head, length, "Play.Start", 10) || memmem(m->head, length, "Publish.Start", 13)) {
        if (client->state == RTMP_ASKED) {
            client->state = RTMP_STARTED;
            client->started(client);
        }
    } else if (memmem(m->head, length, "error", 5)) {
        const char *code = memmem(m->head, length, "NetStream.", 10);
        char why[64];
        snprintf(why, sizeof why, "refused: %.*s", code ? (int)((const char *)m->head + length - code) : 0, code ? code : "");
        for (char *c = why; *c; c++)
            if (*c < 32 || *c > 126)
                *c = 0;
        conn_close(&client->conn, why);
    }
}

static void on_command(struct rtmp_client *client, const struct message *m)
{
    char name[32];
    size_t at = 0;
    double transaction;
    if (!amf_read_string(m->head, message_head_length(m), &at, name, sizeof name)
        || !amf_read_number(m->head, message_head_length(m), &at, &transaction))
        return;
    if (strcmp(name, "_result") == 0)
        on_result(client, m, at);
    else if (strcmp(name, "_error") == 0)
        conn_close(&client->conn, "refused: _error");
    else if (strcmp(name, "onStatus") == 0)
        on_status(client, m);
}

static void on_message(void *context, const struct message *m, uint64_t now)
{
    struct rtmp_client *client = context;
    switch (m->type) {
    case MESSAGE_AUDIO:
    case MESSAGE_VIDEO:
    case MESSAGE_DATA:
        client->media(client, m, now);
        break;
    case MESSAGE_COMMAND:
        on_command(client, m);
        break;
    case MESSAGE_WINDOW:
        client->window = read_be(m->head, 4);
        break;
    case MESSAGE_USER_CONTROL:
        if (m->length >= 6 && read_be(m->head, 2) == PING_REQUEST)
            send_control(client, MESSAGE_USER_CONTROL, (uint64_t)PING_RESPONSE << 32 | read_be(m->head + 2, 4), 6);
        break;
    default:
        break;
    }
}

/* S0, S1 and S2 in any pieces; C2 is S1 as it came, so it goes out piece by piece. Returns the bytes it took. */
static size_t shake(struct rtmp_client *client, const uint8_t *data, size_t length)
{
    size_t at = client->handshake_bytes, end = 1 + 2 * HANDSHAKE;
    size_t taken = length < end - at ? length : end - at;
    if (at == 0 && data[0] != 3) {
        conn_close(&client->conn, "not RTMP");
        return length;
    }
    size_t from = at > 1 ? at : 1, to = at + taken < 1 + HANDSHAKE ? at + taken : 1 + HANDSHAKE;
    client->handshake_bytes += (uint32_t)taken;
    if (to > from)
        conn_send(&client->conn, data + (from - at), to - from);
    if (client->handshake_bytes == end)
        send_connect(client);
    return taken;
}

static void on_data(struct conn *conn, const uint8_t *data, size_t length, uint64_t now)
{
    struct rtmp_client *client = (struct rtmp_client *)conn;
    client->received += length;
    if (client->state == RTMP_HANDSHAKE) {
        size_t taken = shake(client, data, length);
        data += taken;
        length -= taken;
    }
    const char *error = length ? chunk_feed(&client->in, data, length, on_message, client, now) : NULL;
    if (error)
        conn_close(conn, error);
    if (client->window > 0 && client->received - client->acknowledged >= client->window / 2) {
        client->acknowledged = client->received;
        send_control(client, MESSAGE_ACK, client->received & 0xffffffff, 4);
    }
}

static void on_opened(struct conn *conn)
{
    uint8_t start[1 + HANDSHAKE] = { 3 }; /* C0; C1 with zero time and zero version: the simple handshake */
    for (unsigned i = 9; i < sizeof start; i++)
        start[i] = (uint8_t)(i * 31);
    conn_send(conn, start, sizeof start);
}

static void on_closed(struct conn *conn, const char *why)
{
    struct rtmp_client *client = (struct rtmp_client *)conn;
    client->closed(client, why);
}

void rtmp_client_open(struct rtmp_client *client, bool hashing)
{
    client->conn.opened = on_opened;
    client->conn.data = on_data;
    client->conn.closed = on_closed;
    client->state = RTMP_HANDSHAKE;
    chunk_decoder_init(&client->in, hashing);
    conn_open(&client->conn, client->url);
}
