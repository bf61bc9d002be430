#include "flv_stream.h"

#include "buffer.h"

#include <string.h>

#define FILE_HEADER 9
#define TAG_HEADER 15 /* with the PreviousTagSize before it */

void flv_stream_init(struct flv_stream *flv, bool hashing)
{
    memset(flv, 0, sizeof *flv);
    flv->hashing = hashing;
}

static const char *begin_tag(struct flv_stream *flv)
{
    const uint8_t *h = flv->header;
    struct message *m = &flv->message;
    uint32_t previous = read_be(h, 4);
    if (previous != 0 && previous != m->length + 11)
        return "FLV: wrong PreviousTagSize";
    m->type = h[4] & 31;
    m->length = read_be(h + 5, 3);
    m->timestamp = read_be(h + 8, 3) | (uint32_t)h[11] << 24;
    if (m->type != MESSAGE_AUDIO && m->type != MESSAGE_VIDEO && m->type != MESSAGE_DATA)
        return "FLV: unknown tag type";
    message_begin(m);
    return NULL;
}

/* Collects a header; returns the bytes it took. */
static size_t take_header(struct flv_stream *flv, const uint8_t *data, size_t length, const char **error)
{
    size_t wanted = flv->started ? TAG_HEADER : FILE_HEADER, missing = wanted - flv->header_length;
    size_t taken = length < missing ? length : missing;
    memcpy(flv->header + flv->header_length, data, taken);
    flv->header_length = (uint8_t)(flv->header_length + taken);
    if (flv->header_length < wanted)
        return taken;
    flv->header_length = 0;
    if (flv->started) {
        *error = begin_tag(flv);
    } else {
        flv->started = true;
        if (memcmp(flv->header, "FLV\1", 4) != 0 || read_be(flv->header + 5, 4) != FILE_HEADER)
            *error = "not FLV";
    }
    return taken;
}

const char *flv_feed(struct flv_stream *flv, const uint8_t *data, size_t length, message_fn each, void *context,
                     uint64_t now)
{
    struct message *m = &flv->message;
    const char *error = NULL;
    while (length > 0 && !error) {
        size_t taken;
        if (m->received < m->length) {
            uint32_t missing = m->length - m->received;
            taken = length < missing ? length : missing;
            message_append(m, data, taken, flv->hashing);
            if (m->received == m->length)
                each(context, m, now);
        } else {
            taken = take_header(flv, data, length, &error);
        }
        data += taken;
        length -= taken;
    }
    return error;
}
