/* Publishes the media in real time, over and over, with continuous timestamps; one message per write, as encoders do. */
#ifndef XIU_PUBLISHER_H
#define XIU_PUBLISHER_H

#include "histogram.h"
#include "media.h"
#include "rtmp_client.h"

struct publisher {
    struct rtmp_client client; /* first */
    struct timer timer;
    const struct media *media;
    uint32_t stream;
    uint64_t phase_ns;
    uint64_t start_ns; /* 0: not started */
    uint64_t next;     /* number of the next tag, counting on over the loops */
    struct publisher_totals *totals;
};

struct publisher_totals {
    struct histogram late; /* how long after its time a frame was sent; load on this tool, not on the server */
    uint32_t started;
    uint32_t lost;
    uint64_t messages;
    uint64_t backlog_max; /* most bytes that one server connection did not take in time */
    char why[96];
};

/* Connects; media flows `phase_ns` after the server's consent, so that streams do not send in step. */
void publisher_open(struct publisher *publisher);
void publisher_close(struct publisher *publisher);

#endif
