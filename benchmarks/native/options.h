/* The command line of xiu-load. */
#ifndef XIU_OPTIONS_H
#define XIU_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PIDS_MAX 16

struct options {
    const char *publish, *play, *media, *json, *svg, *label;
    uint32_t streams, players, base, stalled, sample, follow;
    double join_rate, settle_s, warm_up_s, duration_s, stall_ms, max_late_ms, max_cpu;
    pid_t pids[PIDS_MAX];
    uint32_t pid_count;
    bool must_be_whole, allow_remote, quiet;
};

/* Fills `options` from the arguments; prints and exits with 2 on bad usage, 0 after --help. */
void options_parse(struct options *options, int count, char **arguments);

#endif
