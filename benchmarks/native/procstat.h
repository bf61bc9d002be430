/* What the server's processes use, from /proc. */
#ifndef XIU_PROCSTAT_H
#define XIU_PROCSTAT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct usage {
    uint64_t cpu_ns;    /* user and system, all threads */
    uint64_t rss_bytes;
    uint64_t tcp_bytes; /* kernel memory of all TCP sockets of the machine */
};

/* Chooses the processes: these and their descendants at this moment. False when one does not exist. */
bool procstat_watch(const pid_t *pids, uint32_t count);

/* Sums over the watched processes; those that ended count nothing. */
struct usage procstat_read(void);

#endif
