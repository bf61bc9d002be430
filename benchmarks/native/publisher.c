#include "publisher.h"

#include "amf.h"
#include "clock.h"
#include "stamp.h"

#include <stdio.h>

#define BACKLOG_MAX (8u << 20)
#define AUDIO_CHUNK_STREAM 4
#define VIDEO_CHUNK_STREAM 6

static struct buffer scratch;

static void send_tag(struct publisher *p, const struct tag *tag, uint32_t timestamp)
{
    struct chunk_out out = {
        .chunk_stream = tag->type == MESSAGE_VIDEO ? VIDEO_CHUNK_STREAM : AUDIO_CHUNK_STREAM,
        .type = tag->type,
        .stream_id = p->client.stream_id,
        .timestamp = timestamp,
        .chunk_size = RTMP_CLIENT_CHUNK
    };
    scratch.length = 0;
    chunk_write(&scratch, out, tag->body, tag->length);
    conn_send(&p->client.conn, scratch.data, scratch.length);
    p->totals->messages++;
}

static void send_headers(struct publisher *p)
{
    const struct media *media = p->media;
    if (media->metadata.length > 0) {
        struct buffer body = { 0 };
        amf_string(&body, "@setDataFrame");
        buffer_add(&body, media->metadata.body, media->metadata.length);
        struct tag tag = { .type = MESSAGE_DATA, .length = (uint32_t)body.length, .body = body.data };
        send_tag(p, &tag, 0);
        buffer_release(&body);
    }
    send_tag(p, &media->video_config, 0);
    if (media->audio_config.length > 0)
        send_tag(p, &media->audio_config, 0);
}

static uint64_t timestamp_of(const struct publisher *p, uint64_t number)
{
    const struct media *media = p->media;
    return number / media->tag_count * media->loop_ms + media->tags[number % media->tag_count].timestamp;
}

static void send_due(struct timer *timer, uint64_t now)
{
    struct publisher *p = (struct publisher *)((char *)timer - offsetof(struct publisher, timer));
    const struct media *media = p->media;
    for (;;) {
        uint64_t timestamp = timestamp_of(p, p->next), due = p->start_ns + timestamp * NS_PER_MS;
        if (p->client.conn.source.fd < 0)
            return;
        if (due > now + TIMER_SLACK) {
            timer_set(&p->timer, due);
            return;
        }
        struct tag *tag = &media->tags[p->next % media->tag_count];
        histogram_add(&p->totals->late, now > due ? now - due : 0);
        if (tag->type == MESSAGE_VIDEO) {
            uint64_t frame = p->next / media->tag_count * media->frame_count + tag->frame;
            stamp_set(tag->body, (struct stamp){ now_ns(), (uint32_t)frame, p->stream });
        }
        send_tag(p, tag, (uint32_t)timestamp);
        p->next++;
        uint64_t backlog = conn_backlog(&p->client.conn);
        if (backlog > p->totals->backlog_max)
            p->totals->backlog_max = backlog;
        if (backlog > BACKLOG_MAX)
            conn_close(&p->client.conn, "the server does not read what is published");
    }
}

static void on_started(struct rtmp_client *client)
{
    struct publisher *p = (struct publisher *)client;
    p->totals->started++;
    send_headers(p);
    p->start_ns = now_ns() + p->phase_ns;
    timer_set(&p->timer, p->start_ns);
}

static void on_closed(struct rtmp_client *client, const char *why)
{
    struct publisher *p = (struct publisher *)client;
    timer_cancel(&p->timer);
    p->totals->lost++;
    snprintf(p->totals->why, sizeof p->totals->why, "%s", why);
}

static void on_asked(struct rtmp_client *client)
{
    (void)client;
}

static void on_media(void *context, const struct message *m, uint64_t now)
{
    (void)context;
    (void)m;
    (void)now;
}

void publisher_open(struct publisher *p)
{
    p->timer.fire = send_due;
    p->client.publishing = true;
    p->client.asked = on_asked;
    p->client.started = on_started;
    p->client.media = on_media;
    p->client.closed = on_closed;
    rtmp_client_open(&p->client, false);
}

void publisher_close(struct publisher *p)
{
    conn_close(&p->client.conn, "done");
}
