#include "ws.h"

#include <string.h>

enum opcode { CONTINUATION = 0, BINARY = 2, CLOSE = 8, PING = 9 };

const char ws_upgrade[] = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: eGl1LWxvYWQtcGxheWVyIQ==\r\n";

const char ws_switching[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Accept: n3F3CKKBiVKcJqdlNP/13xFI2dY=\r\n\r\n";

static void send_pong(struct ws_stream *ws, struct conn *conn)
{
    uint8_t frame[6 + sizeof ws->ping] = { 0x8a, (uint8_t)(0x80 | ws->ping_length) }; /* masked with zeros */
    memcpy(frame + 6, ws->ping, ws->ping_length);
    conn_send(conn, frame, 6u + ws->ping_length);
    ws->ping_length = 0;
}

static const char *begin_frame(struct ws_stream *ws)
{
    const uint8_t *h = ws->header;
    unsigned size = h[1] & 127;
    ws->opcode = h[0] & 15;
    ws->left = size < 126 ? size : size == 126 ? read_be(h + 2, 2) : (uint64_t)read_be(h + 2, 4) << 32 | read_be(h + 6, 4);
    ws->header_length = 0;
    if (h[1] & 0x80)
        return "WebSocket: the server masked a frame";
    if (ws->opcode == CLOSE)
        return "WebSocket: closed by the server";
    return ws->opcode >= CLOSE && size > sizeof ws->ping ? "WebSocket: control frame too long" : NULL;
}

static const char *payload(struct ws_stream *ws, const uint8_t *data, size_t length, body_fn body, void *context,
                           uint64_t now)
{
    if (ws->opcode == BINARY || ws->opcode == CONTINUATION)
        return body(context, data, length, now);
    if (ws->opcode == PING) {
        memcpy(ws->ping + ws->ping_length, data, length);
        ws->ping_length = (uint8_t)(ws->ping_length + length);
    }
    return NULL;
}

const char *ws_feed(struct ws_stream *ws, struct conn *conn, const uint8_t *data, size_t length, body_fn body,
                    void *context, uint64_t now)
{
    const char *error = NULL;
    while (length > 0 && !error) {
        size_t taken = 1;
        if (ws->left > 0) {
            taken = length < ws->left ? length : (size_t)ws->left;
            error = payload(ws, data, taken, body, context, now);
            ws->left -= taken;
        } else {
            ws->header[ws->header_length++] = data[0];
            unsigned size = ws->header_length < 2 ? 0 : ws->header[1] & 127;
            unsigned wanted = size == 127 ? 10 : size == 126 ? 4 : 2;
            if (ws->header_length == wanted)
                error = begin_frame(ws);
        }
        if (ws->left == 0 && ws->header_length == 0 && ws->opcode == PING && !error) {
            send_pong(ws, conn);
            ws->opcode = CONTINUATION;
        }
        data += taken;
        length -= taken;
    }
    return error;
}
