/* A player over HTTP-FLV or WebSocket-FLV. */
#include "audience.h"

#include "clock.h"
#include "flv_stream.h"
#include "ws.h"

#include <string.h>

struct flv_viewer {
    struct conn conn; /* first */
    struct player *player;
    const struct url *url;
    bool websocket;
    struct http_response response;
    struct ws_stream ws;
    struct flv_stream flv;
};

static void on_message(void *context, const struct message *message, uint64_t now)
{
    player_message(((struct flv_viewer *)context)->player, message, now);
}

static const char *on_flv(void *context, const uint8_t *data, size_t length, uint64_t now)
{
    struct flv_viewer *v = context;
    return flv_feed(&v->flv, data, length, on_message, v, now);
}

static const char *on_body(void *context, const uint8_t *data, size_t length, uint64_t now)
{
    struct flv_viewer *v = context;
    if (v->response.status != (v->websocket ? 101 : 200))
        return v->response.status == 404 ? "refused: 404" : "refused: another status than 200 or 101";
    return v->websocket ? ws_feed(&v->ws, &v->conn, data, length, on_flv, v, now) : on_flv(v, data, length, now);
}

static void on_data(struct conn *conn, const uint8_t *data, size_t length, uint64_t now)
{
    struct flv_viewer *v = (struct flv_viewer *)conn;
    size_t taken;
    const char *error = http_feed(&v->response, data, length, &taken, on_body, v, now);
    if (!error && v->response.done)
        error = v->response.status == 404 ? "refused: 404" : "the body ended";
    if (error)
        conn_close(conn, error);
}

static void on_opened(struct conn *conn)
{
    struct flv_viewer *v = (struct flv_viewer *)conn;
    v->player->asked_ns = now_ns();
    http_get(conn, v->url, v->url->path, v->websocket ? ws_upgrade : "");
}

static void on_closed(struct conn *conn, const char *why)
{
    struct flv_viewer *v = (struct flv_viewer *)conn;
    http_response_reset(&v->response);
    player_closed(v->player, why);
}

void flv_viewer_open(struct viewer *viewer, const struct url *url, bool hashing)
{
    struct flv_viewer *v = xcalloc(1, sizeof *v);
    v->player = &viewer->player;
    v->url = url;
    v->websocket = strcmp(url->scheme, "ws") == 0;
    v->conn.opened = on_opened;
    v->conn.data = on_data;
    v->conn.closed = on_closed;
    flv_stream_init(&v->flv, hashing);
    viewer->conn = &v->conn;
    conn_open(&v->conn, url);
}
