/* Holds every message of one player against the media that was published: order, completeness, time and bytes. */
#ifndef XIU_CHECK_H
#define XIU_CHECK_H

#include "media.h"

struct check_totals {
    uint32_t players;
    uint64_t messages;      /* compared */
    uint64_t changed;       /* payload hash differs */
    uint64_t bad_times;     /* timestamp differs from the published one by another offset than the first frame's */
    uint64_t missing_audio; /* between two that came */
};

struct check {
    const struct media *media;
    struct check_totals *totals;
    bool started, audio_started;
    uint32_t offset;     /* received minus published timestamp */
    uint64_t last_tag;   /* number of the last video tag, counting on over the loops */
    uint64_t next_audio; /* number of the audio tag that must come next */
};

void check_config(struct check *check, const struct message *message);
void check_frame(struct check *check, const struct message *message, uint32_t frame);
void check_audio(struct check *check, const struct message *message);

#endif
