/* A growing byte buffer, and big-endian writes into it. */
#ifndef XIU_BUFFER_H
#define XIU_BUFFER_H

#include <stddef.h>
#include <stdint.h>

struct buffer {
    uint8_t *data;
    size_t length;
    size_t capacity;
};

void buffer_add(struct buffer *b, const void *data, size_t length);
void buffer_u8(struct buffer *b, unsigned value);
void buffer_be(struct buffer *b, uint64_t value, unsigned bytes);
void buffer_release(struct buffer *b);

/* Ends the program with a clear word; a load tool without memory has nothing to say. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);

static inline uint32_t read_be(const uint8_t *p, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return value;
}

#endif
