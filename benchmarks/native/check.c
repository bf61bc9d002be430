#include "check.h"

#define SEARCH 200 /* tags, about two and a half seconds */

static const struct tag *tag_at(const struct media *media, uint64_t number)
{
    return &media->tags[number % media->tag_count];
}

static uint32_t time_at(const struct media *media, uint64_t number)
{
    return (uint32_t)(number / media->tag_count * media->loop_ms) + tag_at(media, number)->timestamp;
}

static void compare(struct check *c, const struct message *m, uint64_t number)
{
    c->totals->messages++;
    if (m->hash != tag_at(c->media, number)->hash)
        c->totals->changed++;
    if (m->timestamp != time_at(c->media, number) + c->offset)
        c->totals->bad_times++;
}

void check_config(struct check *c, const struct message *m)
{
    c->totals->messages++;
    if (m->hash != (m->type == MESSAGE_VIDEO ? c->media->video_config.hash : c->media->audio_config.hash))
        c->totals->changed++;
}

void check_frame(struct check *c, const struct message *m, uint32_t frame)
{
    const struct media *media = c->media;
    uint64_t number = (uint64_t)(frame / media->frame_count) * media->tag_count + media->frame_tags[frame % media->frame_count];
    if (!c->started) {
        c->started = true;
        c->offset = m->timestamp - time_at(media, number);
    }
    c->last_tag = number;
    compare(c, m, number);
}

static uint64_t next_audio_after(const struct media *media, uint64_t number)
{
    do
        number++;
    while (tag_at(media, number)->type != MESSAGE_AUDIO);
    return number;
}

/* The first audio message may lie a little before or after the first key frame. */
static bool find_first(struct check *c, const struct message *m)
{
    uint64_t from = c->last_tag > SEARCH ? c->last_tag - SEARCH : 0;
    for (uint64_t number = from; number < c->last_tag + SEARCH; number++) {
        const struct tag *tag = tag_at(c->media, number);
        if (tag->type == MESSAGE_AUDIO && tag->hash == m->hash && m->timestamp == time_at(c->media, number) + c->offset) {
            c->next_audio = number;
            return true;
        }
    }
    return false;
}

void check_audio(struct check *c, const struct message *m)
{
    if (!c->started || c->media->audio_count == 0)
        return;
    if (!c->audio_started) {
        c->audio_started = true;
        if (!find_first(c, m)) {
            c->audio_started = false;
            c->totals->messages++;
            c->totals->changed++;
            return;
        }
    }
    uint64_t number = c->next_audio, missed = 0;
    while (tag_at(c->media, number)->hash != m->hash && missed < SEARCH) {
        number = next_audio_after(c->media, number);
        missed++;
    }
    if (missed == SEARCH)
        number = c->next_audio;
    else
        c->totals->missing_audio += missed;
    compare(c, m, number);
    c->next_audio = next_audio_after(c->media, number);
}
