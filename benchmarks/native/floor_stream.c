#include "floor.h"

#include "clock.h"
#include "media.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAMS_MAX 4096
#define AUDIO_WAIT (40 * NS_PER_MS) /* audio rides with the next video frame, but waits no longer than this */

static struct floor_stream *streams[STREAMS_MAX];
static uint32_t stream_count;
static enum floor_flush flush_when;
static uint64_t window;
static size_t log_size;
static unsigned formats;
static struct timer ticker;

static void write_to(struct floor_session *player)
{
    const struct floor_log *log = &player->stream->logs[player->format];
    if (player->cursor == log->tail || player->conn.wants_write || player->conn.out.length > 0)
        return;
    if (log->tail - player->cursor > log->size)
        conn_close(&player->conn, "too slow");
    else if (!floor_log_send(log, player->conn.source.fd, &player->cursor))
        conn_want_write(&player->conn);
}

static void flush(struct floor_stream *stream)
{
    stream->dirty = false;
    for (uint32_t i = stream->player_count; i-- > 0;) /* backwards: a player may leave */
        write_to(stream->players[i]);
}

static void tick(struct timer *timer, uint64_t now)
{
    for (uint32_t i = 0; i < stream_count; i++)
        if (streams[i]->dirty)
            flush(streams[i]);
    timer_set(timer, timer->at + window > now ? timer->at + window : now + window);
}

void floor_streams_open(enum floor_flush when, uint64_t window_ns, size_t log_bytes, bool http)
{
    flush_when = when;
    log_size = log_bytes;
    formats = http ? FORMATS : FORMAT_RTMP + 1;
    window = when == FLUSH_WINDOW ? window_ns : AUDIO_WAIT;
    ticker.fire = tick;
    timer_set(&ticker, now_ns() + window);
}

struct floor_stream *floor_stream_named(const char *name)
{
    for (uint32_t i = 0; i < stream_count; i++)
        if (strcmp(streams[i]->name, name) == 0)
            return streams[i];
    if (stream_count == STREAMS_MAX)
        return NULL;
    struct floor_stream *stream = streams[stream_count++] = xcalloc(1, sizeof *stream);
    snprintf(stream->name, sizeof stream->name, "%s", name);
    for (unsigned i = 0; i < formats; i++)
        floor_log_open(&stream->logs[i], log_size);
    return stream;
}

static void format_message(struct buffer *to, unsigned format, const struct message *m, const uint8_t *body, size_t length)
{
    uint32_t chunk_stream = m->type == MESSAGE_VIDEO ? 6 : 4;
    if (format == FORMAT_RTMP)
        chunk_write(to, (struct chunk_out){ chunk_stream, m->type, 1, m->timestamp, FLOOR_CHUNK }, body, length);
    else
        (format == FORMAT_FLV ? floor_format_flv : floor_format_ws)(to, m, body, length);
}

static void append(struct floor_log *log, unsigned format, const struct message *m, const uint8_t *body, size_t length)
{
    struct buffer bytes = { 0 };
    format_message(&bytes, format, m, body, length);
    if (m->type == MESSAGE_DATA || is_video_config(m) || is_audio_config(m))
        buffer_add(&log->headers, bytes.data, bytes.length);
    if (is_key_frame(m)) {
        log->key = log->tail;
        log->has_key = true;
    }
    floor_log_append(log, bytes.data, bytes.length);
    buffer_release(&bytes);
}

void floor_stream_ingest(struct floor_stream *stream, const struct message *m, const uint8_t *body)
{
    static const char set_data_frame[] = "\x02\x00\x0d@setDataFrame";
    size_t length = m->length, prefix = sizeof set_data_frame - 1;
    if (m->type == MESSAGE_DATA && length > prefix && memcmp(body, set_data_frame, prefix) == 0) {
        body += prefix;
        length -= prefix;
    }
    for (unsigned i = 0; i < formats; i++)
        append(&stream->logs[i], i, m, body, length);
    if (flush_when == FLUSH_MESSAGE)
        flush(stream);
    else
        stream->dirty = stream->dirty || m->type == MESSAGE_VIDEO || flush_when == FLUSH_WINDOW;
}

void floor_stream_pass(struct floor_stream *stream)
{
    if (flush_when == FLUSH_FRAME && stream->dirty)
        flush(stream);
}

static void writable(struct conn *conn)
{
    write_to((struct floor_session *)conn);
}

void floor_stream_join(struct floor_stream *stream, struct floor_session *player)
{
    if (stream->player_count == stream->player_capacity) {
        stream->player_capacity = stream->player_capacity ? 2 * stream->player_capacity : 16;
        struct floor_session **wider = xmalloc(stream->player_capacity * sizeof *wider);
        if (stream->player_count)
            memcpy(wider, stream->players, stream->player_count * sizeof *wider);
        free(stream->players);
        stream->players = wider;
    }
    player->stream = stream;
    player->playing = true;
    player->conn.writable = writable;
    player->place = stream->player_count;
    stream->players[stream->player_count++] = player;
    const struct floor_log *log = &stream->logs[player->format];
    bool cached = log->has_key && log->tail - log->key <= log->size;
    player->cursor = cached ? log->key : log->tail;
    conn_send(&player->conn, log->headers.data, log->headers.length);
    if (player->conn.out.length > 0)
        conn_close(&player->conn, "too slow at the start");
    else
        write_to(player);
}

void floor_stream_leave(struct floor_session *session)
{
    struct floor_stream *stream = session->stream;
    if (session->publishing) {
        stream->publisher = NULL;
        for (unsigned i = 0; i < formats; i++)
            floor_log_reset(&stream->logs[i]);
    } else if (session->playing) {
        struct floor_session *last = stream->players[--stream->player_count];
        stream->players[session->place] = last;
        last->place = session->place;
    }
    session->publishing = session->playing = false;
}
