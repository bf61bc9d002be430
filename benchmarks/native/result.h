/* The measurement of one run, and how it is told: table, JSON and SVG. */
#ifndef XIU_RESULT_H
#define XIU_RESULT_H

#include "audience.h"
#include "options.h"
#include "procstat.h"
#include "publisher.h"

#define SECONDS_MAX 3600

struct second {
    double cpu, p50_ms, p99_ms, rss_mb, tcp_mb;
};

struct result {
    const struct options *options;
    const struct group *crowd, *base;
    const struct publisher_totals *publishing;
    const struct check_totals *checks;
    const struct media *media;
    struct usage before, after;
    uint64_t measured_ns, own_cpu_ns, bytes;
    struct second seconds[SECONDS_MAX];
    uint32_t second_count;
    char bottleneck[160]; /* why nothing can be concluded; empty when something can */
    char broken[160];     /* what --assert would complain about; empty when all is whole */
};

/* Fills `bottleneck` and `broken` from the rest. */
void result_judge(struct result *result);

void result_table(const struct result *result);
bool result_json(const struct result *result, const char *path);
bool result_svg(const struct result *result, const char *path);

#endif
