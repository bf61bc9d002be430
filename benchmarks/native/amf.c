#include "amf.h"

#include <stdio.h>
#include <string.h>

void amf_key(struct buffer *b, const char *name)
{
    buffer_be(b, strlen(name), 2);
    buffer_add(b, name, strlen(name));
}

void amf_string(struct buffer *b, const char *text)
{
    buffer_u8(b, 2);
    amf_key(b, text);
}

void amf_number(struct buffer *b, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    buffer_u8(b, 0);
    buffer_be(b, bits, 8);
}

void amf_null(struct buffer *b)
{
    buffer_u8(b, 5);
}

void amf_object_begin(struct buffer *b)
{
    buffer_u8(b, 3);
}

void amf_object_end(struct buffer *b)
{
    buffer_be(b, 9, 3);
}

bool amf_read_string(const uint8_t *data, size_t length, size_t *at, char *out, size_t size)
{
    if (*at + 3 > length || data[*at] != 2)
        return false;
    size_t text = read_be(data + *at + 1, 2);
    if (*at + 3 + text > length)
        return false;
    snprintf(out, size, "%.*s", (int)text, (const char *)data + *at + 3);
    *at += 3 + text;
    return true;
}

bool amf_read_number(const uint8_t *data, size_t length, size_t *at, double *out)
{
    if (*at + 9 > length || data[*at] != 0)
        return false;
    uint64_t bits = (uint64_t)read_be(data + *at + 1, 4) << 32 | read_be(data + *at + 5, 4);
    memcpy(out, &bits, sizeof bits);
    *at += 9;
    return true;
}
