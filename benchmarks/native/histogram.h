/* A histogram of durations with 3 % resolution over the whole 64-bit range; constant size, no allocation. */
#ifndef XIU_HISTOGRAM_H
#define XIU_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_SUB 32
#define HISTOGRAM_BUCKETS (60 * HISTOGRAM_SUB)

struct histogram {
    uint64_t count;
    uint64_t max;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_clear(struct histogram *h);
void histogram_add(struct histogram *h, uint64_t value);

/* The upper edge of the bucket that holds the given share (0..1) of all values; 0 when empty. */
uint64_t histogram_at(const struct histogram *h, double share);

/* The same in milliseconds, for values in ns. */
double histogram_ms(const struct histogram *h, double share);

#endif
