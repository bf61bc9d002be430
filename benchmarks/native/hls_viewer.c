/* An HLS poller: reloads the playlist, fetches every new segment once, over one kept-alive connection. */
#include "audience.h"

#include "clock.h"
#include "hls_playlist.h"
#include "http.h"
#include "ts_stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLAYLIST_MAX (64u << 10)

enum fetching { NOTHING, PLAYLIST, SEGMENT };

struct hls_viewer {
    struct conn conn; /* first */
    struct player *player;
    const struct url *url;
    struct timer timer;
    char path[512]; /* of the media playlist */
    enum fetching fetching;
    struct http_response response;
    struct buffer text;
    bool positioned, changed;
    uint64_t next; /* media sequence number to fetch next */
    uint64_t segment_bytes;
    struct hls_playlist *playlist;
    struct ts_stream *ts; /* only for players of the sample */
};

static void ask_playlist(struct hls_viewer *v)
{
    v->fetching = PLAYLIST;
    v->changed = false;
    v->text.length = 0;
    http_get(&v->conn, v->url, v->path, "");
}

static void poll_again(struct timer *timer, uint64_t now)
{
    struct hls_viewer *v = (struct hls_viewer *)((char *)timer - offsetof(struct hls_viewer, timer));
    (void)now;
    if (v->conn.source.fd >= 0 && v->fetching == NOTHING)
        ask_playlist(v);
}

/* RFC 8216 §6.3.4: one target duration after a change, half of one otherwise. */
static void wait_for_more(struct hls_viewer *v)
{
    double wait = v->playlist->target_s > 0 ? v->playlist->target_s * (v->changed ? 1 : 0.5) : 1;
    v->fetching = NOTHING;
    timer_set(&v->timer, now_ns() + (uint64_t)(wait * 1e9));
}

static const char *fetch_next(struct hls_viewer *v)
{
    const struct hls_playlist *list = v->playlist;
    if (v->next < list->sequence) {
        v->player->group->missing += list->sequence - v->next; /* segments here, not frames */
        v->player->group->skips++;
        v->next = list->sequence;
    }
    if (v->next >= list->sequence + list->count) {
        wait_for_more(v);
        return NULL;
    }
    char path[512];
    if (!hls_resolve(path, v->path, list->segments[v->next - list->sequence]))
        return "HLS: a segment on another server";
    v->fetching = SEGMENT;
    v->changed = true;
    v->segment_bytes = 0;
    if (v->ts)
        ts_begin(v->ts);
    http_get(&v->conn, v->url, path, "");
    return NULL;
}

static const char *on_playlist(struct hls_viewer *v)
{
    if (v->response.status != 200) {
        wait_for_more(v); /* not there yet; a player that never gets one does not count as playing */
        return NULL;
    }
    buffer_u8(&v->text, 0);
    const char *error = hls_playlist_parse(v->playlist, (char *)v->text.data);
    if (error)
        return error;
    if (v->playlist->master) {
        char path[512];
        if (v->playlist->count == 0 || !hls_resolve(path, v->path, v->playlist->segments[0]))
            return "HLS: a master playlist without a variant here";
        memcpy(v->path, path, sizeof v->path);
        ask_playlist(v);
        return NULL;
    }
    if (!v->positioned && v->playlist->count > 0) {
        v->positioned = true;
        v->next = v->playlist->sequence + v->playlist->count - 1;
    }
    return fetch_next(v);
}

static void on_stamp(void *context, struct stamp stamp, uint64_t now)
{
    struct hls_viewer *v = context;
    if (stamp.stream != v->player->stream)
        v->player->group->wrong++;
    v->player->check->totals->messages++;
    player_frame(v->player, stamp.frame, stamp.sent_ns, now);
}

static const char *on_segment(struct hls_viewer *v, uint64_t now)
{
    if (v->response.status != 200 || v->segment_bytes == 0)
        return v->response.status == 404 ? "HLS: 404 for a listed segment" : "HLS: no segment";
    const char *error = v->ts ? ts_end(v->ts, on_stamp, v, now) : NULL;
    if (!v->ts)
        player_segment(v->player, now);
    v->next++;
    return error ? error : fetch_next(v);
}

static const char *on_body(void *context, const uint8_t *data, size_t length, uint64_t now)
{
    struct hls_viewer *v = context;
    if (v->response.status != 200)
        return NULL;
    if (v->fetching == PLAYLIST) {
        buffer_add(&v->text, data, length);
        return v->text.length > PLAYLIST_MAX ? "HLS: playlist too long" : NULL;
    }
    v->segment_bytes += length;
    v->player->group->bytes += length;
    if (v->ts && !v->player->playing)
        player_joined(v->player, now);
    return v->ts ? ts_feed(v->ts, data, length, on_stamp, v, now) : NULL;
}

static void on_data(struct conn *conn, const uint8_t *data, size_t length, uint64_t now)
{
    struct hls_viewer *v = (struct hls_viewer *)conn;
    const char *error = NULL;
    while (length > 0 && !error && v->conn.source.fd >= 0) {
        size_t taken;
        if (v->fetching == NOTHING)
            error = "HLS: bytes that nobody asked for";
        else
            error = http_feed(&v->response, data, length, &taken, on_body, v, now);
        if (error)
            break;
        data += taken;
        length -= taken;
        if (v->response.done) {
            error = v->fetching == PLAYLIST ? on_playlist(v) : on_segment(v, now);
            http_response_reset(&v->response);
        }
    }
    if (error)
        conn_close(conn, error);
}

static void on_opened(struct conn *conn)
{
    struct hls_viewer *v = (struct hls_viewer *)conn;
    v->player->asked_ns = now_ns();
    ask_playlist(v);
}

static void on_closed(struct conn *conn, const char *why)
{
    struct hls_viewer *v = (struct hls_viewer *)conn;
    timer_cancel(&v->timer);
    http_response_reset(&v->response);
    buffer_release(&v->text);
    free(v->playlist);
    free(v->ts);
    player_closed(v->player, why);
}

void hls_viewer_open(struct viewer *viewer, const struct url *url, bool hashing)
{
    struct hls_viewer *v = xcalloc(1, sizeof *v);
    v->player = &viewer->player;
    v->player->configured = true; /* it is inside every segment */
    v->url = url;
    v->timer.fire = poll_again;
    v->playlist = xcalloc(1, sizeof *v->playlist);
    v->ts = hashing ? xcalloc(1, sizeof *v->ts) : NULL;
    snprintf(v->path, sizeof v->path, "%s", url->path);
    v->conn.opened = on_opened;
    v->conn.data = on_data;
    v->conn.closed = on_closed;
    viewer->conn = &v->conn;
    conn_open(&v->conn, url);
}
