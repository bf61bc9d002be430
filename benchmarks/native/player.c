#include "player.h"

#include "stamp.h"

#include <stdio.h>

struct measuring measuring;

void player_joined(struct player *p, uint64_t now)
{
    p->playing = true;
    p->group->playing++;
    if (!p->configured)
        p->group->wrong++;
    histogram_add(&p->group->join, now - p->asked_ns);
    histogram_add(&p->group->connect, now - p->connect_ns);
}

static void count_gap(struct player *p, uint64_t now)
{
    uint64_t gap = now - p->last_ns;
    if (!measuring.on || p->last_ns == 0)
        return;
    if (gap > p->group->max_gap_ns && !p->untimed)
        p->group->max_gap_ns = gap;
    if (gap > measuring.stall_ns)
        p->group->stalls++;
}

void player_frame(struct player *p, uint32_t frame, uint64_t sent_ns, uint64_t now)
{
    struct group *group = p->group;
    count_gap(p, now);
    if (p->last_ns != 0 && frame > p->last_frame + 1) {
        group->missing += frame - p->last_frame - 1;
        group->skips++;
    } else if (p->last_ns != 0 && frame <= p->last_frame) {
        group->wrong++;
    }
    p->last_frame = frame;
    p->last_ns = now;
    group->frames++;
    if (measuring.on && sent_ns >= p->asked_ns && !p->untimed) {
        histogram_add(&group->latency, now - sent_ns);
        histogram_add(&measuring.second, now - sent_ns);
    }
}

static void video(struct player *p, const struct message *m, uint64_t now)
{
    struct stamp stamp;
    if (!stamp_get(m->head, message_head_length(m), &stamp))
        return;
    if (stamp.stream != p->stream)
        p->group->wrong++;
    if (!p->playing) {
        if (!is_key_frame(m))
            return;
        player_joined(p, now);
    }
    player_frame(p, stamp.frame, stamp.sent_ns, now);
    if (p->check)
        check_frame(p->check, m, stamp.frame);
}

void player_message(struct player *p, const struct message *m, uint64_t now)
{
    if (p->quiet)
        return;
    p->group->bytes += m->length;
    if (is_video_config(m)) {
        p->configured = true;
        if (p->check)
            check_config(p->check, m);
    } else if (m->type == MESSAGE_VIDEO) {
        video(p, m, now);
    } else if (p->check && m->type == MESSAGE_AUDIO) {
        if (is_audio_config(m))
            check_config(p->check, m);
        else
            check_audio(p->check, m);
    }
}

void player_closed(struct player *p, const char *why)
{
    if (p->done || p->quiet)
        return;
    p->done = true;
    p->group->closed++;
    snprintf(p->group->why, sizeof p->group->why, "%s", why);
}

void player_segment(struct player *p, uint64_t now)
{
    if (!p->playing)
        player_joined(p, now);
    count_gap(p, now);
    p->last_ns = now;
}
