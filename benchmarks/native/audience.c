#include "audience.h"

#include "clock.h"

void audience_make(struct audience *a, uint32_t count, uint32_t sample, const struct media *media,
                   struct check_totals *totals)
{
    a->count = count;
    a->viewers = xcalloc(count, sizeof *a->viewers);
    a->group.players = count;
    for (uint32_t i = 0; i < count; i++) {
        struct player *player = &a->viewers[i].player;
        player->group = &a->group;
        player->stream = i % a->streams;
        if ((uint64_t)(i + 1) * sample / count == (uint64_t)i * sample / count)
            continue; /* every count/sample-th player is checked */
        player->check = xcalloc(1, sizeof *player->check);
        player->check->media = media;
        player->check->totals = totals;
        totals->players++;
    }
}

static void join_due(struct timer *timer, uint64_t now)
{
    struct audience *a = (struct audience *)((char *)timer - offsetof(struct audience, timer));
    uint64_t due = (uint64_t)((double)(now - a->start_ns) / 1e9 * a->rate) + 1;
    for (uint32_t burst = 0; a->joined < a->count && a->joined < due && burst < 64; burst++) {
        struct viewer *viewer = &a->viewers[a->joined++];
        viewer->player.connect_ns = now_ns();
        a->open(viewer, &a->urls[viewer->player.stream], viewer->player.check != NULL);
    }
    if (a->joined < a->count)
        timer_set(timer, a->start_ns + (uint64_t)((double)a->joined / a->rate * 1e9));
}

uint64_t audience_join(struct audience *a)
{
    a->start_ns = now_ns();
    a->timer.fire = join_due;
    if (a->count > 0)
        timer_set(&a->timer, a->start_ns);
    return (uint64_t)((double)a->count / a->rate * 1e9);
}

/* A quarter of a second of a megabit a second. */
#define GATHERED (32 << 10)

void audience_follow(struct audience *a, uint32_t count)
{
    uint32_t one_of = count < a->count ? a->count / count : 1;
    for (uint32_t i = 0; i < a->count; i++) {
        struct viewer *viewer = &a->viewers[i];
        bool followed = (i % a->streams + i / a->streams) % one_of == 0;
        /* What comes before a player plays is small, and it would wait for it for ever. */
        if (followed || !viewer->conn || !viewer->player.playing)
            continue;
        viewer->player.untimed = true;
        conn_gather(viewer->conn, GATHERED);
    }
}

void audience_stall(struct audience *a, uint32_t count)
{
    for (uint32_t i = 0; i < count && a->count > 0; i++) {
        struct viewer *viewer = &a->viewers[(uint64_t)i * a->count / count];
        viewer->player.quiet = true;
        if (viewer->conn)
            conn_pause(viewer->conn);
    }
}

void audience_end(struct audience *a, uint64_t now)
{
    for (uint32_t i = 0; i < a->count; i++) {
        struct player *player = &a->viewers[i].player;
        if (player->playing && !player->done && !player->quiet && now - player->last_ns > measuring.stall_ns)
            a->group.stalls++;
        player->done = true;
    }
    for (uint32_t i = 0; i < a->count; i++)
        if (a->viewers[i].conn)
            conn_close(a->viewers[i].conn, "done");
}
