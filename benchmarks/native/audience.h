/* All players of a run: makes them, lets them join at a given rate, stalls some, closes them. */
#ifndef XIU_AUDIENCE_H
#define XIU_AUDIENCE_H

#include "conn.h"
#include "player.h"

struct viewer {
    struct player player;
    struct conn *conn;
};

/* How a protocol opens one player: allocates its client, stores the connection in viewer->conn and dials. */
typedef void (*viewer_open)(struct viewer *viewer, const struct url *url, bool hashing);

void rtmp_viewer_open(struct viewer *viewer, const struct url *url, bool hashing);
void flv_viewer_open(struct viewer *viewer, const struct url *url, bool hashing);
void hls_viewer_open(struct viewer *viewer, const struct url *url, bool hashing);

struct audience {
    struct viewer *viewers;
    uint32_t count, joined;
    const struct url *urls; /* one a stream */
    uint32_t streams;
    viewer_open open;
    double rate;
    uint64_t start_ns;
    struct timer timer;
    struct group group;
};

/* Makes `count` players, spread over the streams, `sample` of them checked against `media`. */
void audience_make(struct audience *audience, uint32_t count, uint32_t sample, const struct media *media,
                   struct check_totals *totals);

/* Starts joining, `rate` players a second; returns the time that takes, in ns. */
uint64_t audience_join(struct audience *audience);

/* Has `count` players, spread over the streams and over the players of each, and those that do not play yet followed frame
 * by frame, and no others. */
void audience_follow(struct audience *audience, uint32_t count);

void audience_stall(struct audience *audience, uint32_t count);

/* Ends the measurement: counts who is stalled now, then closes every player. */
void audience_end(struct audience *audience, uint64_t now);

#endif
