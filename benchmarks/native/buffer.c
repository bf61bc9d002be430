#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *memory)
{
    if (!memory) {
        fputs("xiu: out of memory\n", stderr);
        exit(4);
    }
    return memory;
}

void *xmalloc(size_t size)
{
    return must(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
    return must(calloc(count ? count : 1, size));
}

void buffer_add(struct buffer *b, const void *data, size_t length)
{
    if (b->length + length > b->capacity) {
        size_t capacity = b->capacity ? b->capacity : 256;
        while (capacity < b->length + length)
            capacity *= 2;
        b->data = must(realloc(b->data, capacity));
        b->capacity = capacity;
    }
    if (length)
        memcpy(b->data + b->length, data, length);
    b->length += length;
}

void buffer_u8(struct buffer *b, unsigned value)
{
    uint8_t byte = (uint8_t)value;
    buffer_add(b, &byte, 1);
}

void buffer_be(struct buffer *b, uint64_t value, unsigned bytes)
{
    uint8_t out[8];
    for (unsigned i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
    buffer_add(b, out, bytes);
}

void buffer_release(struct buffer *b)
{
    free(b->data);
    memset(b, 0, sizeof *b);
}
