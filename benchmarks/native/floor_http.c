/* HTTP-FLV and WebSocket-FLV on the floor program's RTMP port: one GET, then the same log as for RTMP in FLV tags. */
#include "floor.h"

#include "ws.h"

#include <stdio.h>
#include <string.h>

static const char flv_head[] = "HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\nConnection: close\r\n\r\n";

void floor_format_flv(struct buffer *to, const struct message *m, const uint8_t *body, size_t length)
{
    buffer_u8(to, m->type);
    buffer_be(to, length, 3);
    buffer_be(to, m->timestamp, 3);
    buffer_u8(to, m->timestamp >> 24);
    buffer_be(to, 0, 3);
    buffer_add(to, body, length);
    buffer_be(to, length + 11, 4);
}

/* The length of a binary frame, RFC 6455 §5.2. */
static void frame_header(struct buffer *to, size_t length)
{
    buffer_u8(to, 0x82);
    if (length < 126) {
        buffer_u8(to, (unsigned)length);
    } else if (length < 65536) {
        buffer_u8(to, 126);
        buffer_be(to, length, 2);
    } else {
        buffer_u8(to, 127);
        buffer_be(to, length, 8);
    }
}

void floor_format_ws(struct buffer *to, const struct message *m, const uint8_t *body, size_t length)
{
    frame_header(to, length + 15);
    floor_format_flv(to, m, body, length);
}

static void answer(struct floor_session *s, const char *name, bool websocket)
{
    static const uint8_t file_header[13] = { 'F', 'L', 'V', 1, 5, 0, 0, 0, 9 };
    struct floor_stream *stream = floor_stream_named(name);
    if (!stream) {
        conn_close(&s->conn, "refused");
        return;
    }
    struct buffer bytes = { 0 };
    if (websocket) {
        buffer_add(&bytes, ws_switching, strlen(ws_switching));
        frame_header(&bytes, sizeof file_header);
    } else {
        buffer_add(&bytes, flv_head, sizeof flv_head - 1);
    }
    buffer_add(&bytes, file_header, sizeof file_header);
    conn_send(&s->conn, bytes.data, bytes.length);
    buffer_release(&bytes);
    s->format = websocket ? FORMAT_WS : FORMAT_FLV;
    floor_stream_join(stream, s);
}

void floor_http_data(struct floor_session *s, const uint8_t *data, size_t length)
{
    char name[256];
    if (s->playing)
        return;
    buffer_add(&s->request, data, length);
    if (s->request.length > 4096)
        conn_close(&s->conn, "request too long");
    else if (memmem(s->request.data, s->request.length, "\r\n\r\n", 4)) {
        buffer_u8(&s->request, 0);
        const char *text = (const char *)s->request.data;
        if (sscanf(text, "GET /live/%255[^. /].flv", name) == 1)
            answer(s, name, strcasestr(text, "\nUpgrade: websocket") != NULL);
        else
            conn_close(&s->conn, "refused");
    }
}
