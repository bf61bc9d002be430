#include "ts_stamp.h"

#include <string.h>

void ts_begin(struct ts_stream *ts)
{
    memset(ts, 0, offsetof(struct ts_stream, head));
    ts->head_length = 0;
}

static const char *end_frame(struct ts_stream *ts, stamp_fn each, void *context, uint64_t now)
{
    struct stamp stamp;
    bool had = ts->in_frame;
    ts->in_frame = false;
    if (!had)
        return NULL;
    if (!stamp_find(ts->head, ts->head_length, &stamp))
        return "TS: a video frame without its stamp";
    each(context, stamp, now);
    return NULL;
}

/* Is this the start of a video PES packet: start code, stream id 0xE0-0xEF (§2.4.3.7). */
static bool starts_video(const uint8_t *payload, size_t length)
{
    return length >= 4 && payload[0] == 0 && payload[1] == 0 && payload[2] == 1 && (payload[3] & 0xf0) == 0xe0;
}

static const char *take_packet(struct ts_stream *ts, stamp_fn each, void *context, uint64_t now)
{
    const uint8_t *p = ts->packet;
    uint32_t pid = (uint32_t)(p[1] & 31) << 8 | p[2], at = 4;
    if (p[0] != 0x47)
        return "TS: no sync byte";
    if (p[3] & 0x20)
        at += 1u + p[4];
    if (!(p[3] & 0x10) || at >= TS_PACKET)
        return NULL;
    const uint8_t *payload = p + at;
    size_t length = TS_PACKET - at;
    bool start = p[1] & 0x40;
    if (ts->video_pid == 0 && start && starts_video(payload, length)) {
        ts->video_pid = pid;
        ts->continuity = (uint8_t)((p[3] - 1) & 15);
    }
    if (pid != ts->video_pid || pid == 0)
        return NULL;
    ts->continuity = (uint8_t)((ts->continuity + 1) & 15);
    if (ts->continuity != (p[3] & 15))
        return "TS: continuity counter jumps";
    if (start) {
        const char *error = end_frame(ts, each, context, now);
        if (error)
            return error;
        ts->in_frame = true;
        ts->head_length = 0;
    }
    size_t room = TS_FRAME_HEAD - ts->head_length;
    memcpy(ts->head + ts->head_length, payload, length < room ? length : room);
    ts->head_length += (uint32_t)(length < room ? length : room);
    return NULL;
}

const char *ts_feed(struct ts_stream *ts, const uint8_t *data, size_t length, stamp_fn each, void *context, uint64_t now)
{
    while (length > 0) {
        size_t missing = TS_PACKET - ts->packet_length, taken = length < missing ? length : missing;
        memcpy(ts->packet + ts->packet_length, data, taken);
        ts->packet_length += (uint32_t)taken;
        data += taken;
        length -= taken;
        if (ts->packet_length == TS_PACKET) {
            const char *error = take_packet(ts, each, context, now);
            ts->packet_length = 0;
            if (error)
                return error;
        }
    }
    return NULL;
}

const char *ts_end(struct ts_stream *ts, stamp_fn each, void *context, uint64_t now)
{
    return ts->packet_length ? "TS: a cut packet at the end" : end_frame(ts, each, context, now);
}
