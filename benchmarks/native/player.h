/* What one player saw, whatever protocol brought it: joins, latency, gaps and, for a sample, every byte. */
#ifndef XIU_PLAYER_H
#define XIU_PLAYER_H

#include "check.h"
#include "histogram.h"

/* Players that are reported together. */
struct group {
    uint32_t players;
    uint32_t playing;    /* got a key frame */
    uint32_t closed;     /* ended before they were told to */
    uint32_t stalls;     /* times a player saw no new frame for stall_ns */
    uint64_t frames;
    uint64_t missing;    /* frames jumped over after the first key frame */
    uint64_t skips;      /* number of jumps */
    uint64_t wrong;      /* frame of another stream, order reversed, no configuration before the key frame */
    uint64_t bytes;
    uint64_t max_gap_ns;
    struct histogram latency; /* publish to last byte, of frames published after the player asked */
    struct histogram join;    /* from play or GET to the first key frame */
    struct histogram connect; /* from connect() to the first key frame */
    char why[96];             /* why the last one closed */
};

struct player {
    struct group *group;
    uint32_t stream;
    bool playing, done, quiet; /* quiet: stalled on purpose, not counted */
    bool untimed;              /* read a few times a second: when a frame came is not known */
    bool configured;
    uint32_t last_frame;
    uint64_t connect_ns, asked_ns, last_ns;
    struct check *check; /* only for players of the sample */
};

extern struct measuring {
    bool on;
    uint64_t stall_ns;
    struct histogram second; /* latencies since the last progress line */
} measuring;

void player_message(struct player *player, const struct message *message, uint64_t now);
void player_closed(struct player *player, const char *why);

/* The first picture is there. */
void player_joined(struct player *player, uint64_t now);

/* A whole segment came, unopened: for pollers outside the sample. */
void player_segment(struct player *player, uint64_t now);

/* A video frame's stamp arrived whole; for containers in which the message form is lost. */
void player_frame(struct player *player, uint32_t frame, uint64_t sent_ns, uint64_t now);

#endif
