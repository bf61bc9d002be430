#include "stamp.h"

#include <string.h>

#define UUID_LENGTH 16

static const uint8_t uuid[UUID_LENGTH] = {
    0x78, 0x69, 0x75, 0x2d, 0x6c, 0x6f, 0x61, 0x64, 0x9d, 0x4e, 0xb1, 0xc8, 0x5f, 0xa3, 0xe7, 0x92
};

static void put7(uint8_t *out, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        out[i] = (uint8_t)(0x80 | ((value >> 7 * (bytes - 1 - i)) & 0x7f));
}

static uint64_t get7(const uint8_t *in, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 7 | (in[i] & 0x7f);
    return value;
}

static struct stamp read_stamp(const uint8_t *at)
{
    return (struct stamp){ get7(at, 10), (uint32_t)get7(at + 10, 5), (uint32_t)get7(at + 15, 3) };
}

void stamp_unit(uint8_t *out)
{
    static const uint8_t start[] = { 0, 0, 0, STAMP_UNIT_LENGTH - 4, 0x06, 0x05, UUID_LENGTH + STAMP_LENGTH };
    memcpy(out, start, sizeof start);
    memcpy(out + sizeof start, uuid, UUID_LENGTH);
    memset(out + sizeof start + UUID_LENGTH, 0x80, STAMP_LENGTH + 1);
}

void stamp_set(uint8_t *body, struct stamp stamp)
{
    put7(body + STAMP_AT, stamp.sent_ns, 10);
    put7(body + STAMP_AT + 10, stamp.frame, 5);
    put7(body + STAMP_AT + 15, stamp.stream, 3);
}

bool stamp_get(const uint8_t *body, size_t length, struct stamp *stamp)
{
    if (length < STAMP_END || memcmp(body + STAMP_UUID_AT, uuid, UUID_LENGTH) != 0)
        return false;
    *stamp = read_stamp(body + STAMP_AT);
    return true;
}

bool stamp_find(const uint8_t *data, size_t length, struct stamp *stamp)
{
    const uint8_t *at = memmem(data, length, uuid, UUID_LENGTH);
    if (!at || (size_t)(data + length - at) < UUID_LENGTH + STAMP_LENGTH)
        return false;
    *stamp = read_stamp(at + UUID_LENGTH);
    return true;
}
