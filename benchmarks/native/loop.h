/* One epoll loop with timers, for one thread. */
#ifndef XIU_LOOP_H
#define XIU_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct source {
    int fd;
    void (*ready)(struct source *source, uint32_t events);
};

struct timer {
    uint64_t at;
    uint32_t place; /* in the heap, from 1; 0: not set */
    void (*fire)(struct timer *timer, uint64_t now);
};

void loop_open(void);
void loop_add(struct source *source, uint32_t events);
void loop_change(struct source *source, uint32_t events);
void loop_remove(struct source *source);

void timer_set(struct timer *timer, uint64_t at);
void timer_cancel(struct timer *timer);

/* Timers may run this much early, so that many of them share one wake-up. */
#define TIMER_SLACK 250000u /* ns */

/* Runs until `deadline` or until loop_stop(). Due timers run between any 16 readable sockets. */
void loop_run(uint64_t deadline);
void loop_stop(void);

#endif
