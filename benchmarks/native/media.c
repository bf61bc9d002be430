#include "media.h"

#include "buffer.h"
#include "stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (256l << 20)
#define TAG_HEADER 11
#define AUD 9

static uint8_t *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    long size = -1;
    uint8_t *data = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size > 0 && size <= FILE_MAX) {
        data = xmalloc((size_t)size);
        rewind(file);
        if (fread(data, 1, (size_t)size, file) != (size_t)size) {
            free(data);
            data = NULL;
        }
    }
    if (file)
        fclose(file);
    *length = (size_t)size;
    return data;
}

static struct tag copy_tag(uint8_t type, const uint8_t *body, uint32_t length)
{
    struct tag tag = { .type = type, .length = length, .body = xmalloc(length) };
    memcpy(tag.body, body, length);
    tag.hash = message_hash(type, tag.body, length);
    return tag;
}

/* A frame with the stamp's unit before its other units; an access unit delimiter goes, since it would have to be first. */
static struct tag stamped_tag(const uint8_t *body, uint32_t length)
{
    uint32_t from = 5;
    if (length >= 10 && (body[9] & 31) == AUD)
        from += 4 + read_be(body + 5, 4);
    if (from > length)
        from = 5;
    struct tag tag = { .type = MESSAGE_VIDEO, .key = body[0] >> 4 == 1, .length = length - from + 5 + STAMP_UNIT_LENGTH };
    tag.body = xmalloc(tag.length);
    memcpy(tag.body, body, 5);
    stamp_unit(tag.body + 5);
    memcpy(tag.body + 5 + STAMP_UNIT_LENGTH, body + from, length - from);
    tag.hash = message_hash(MESSAGE_VIDEO, tag.body, tag.length);
    return tag;
}

static void add_frame(struct media *media, struct tag tag, uint32_t timestamp)
{
    static uint32_t first;
    if (media->tag_count == 0)
        first = timestamp;
    tag.timestamp = timestamp > first ? timestamp - first : 0;
    if (tag.type == MESSAGE_VIDEO)
        media->frame_tags[media->frame_count++] = media->tag_count;
    else
        media->audio_count++;
    tag.frame = media->frame_count ? media->frame_count - 1 : 0;
    media->bytes += tag.length;
    media->tags[media->tag_count++] = tag;
}

static const char *add_tag(struct media *media, const struct message *m, const uint8_t *body)
{
    if (m->type == MESSAGE_DATA && media->metadata.length == 0) {
        media->metadata = copy_tag(MESSAGE_DATA, body, m->length);
    } else if (m->type == MESSAGE_VIDEO) {
        if (m->length < 5 || (body[0] & 15) != 7)
            return "video is not H.264 (the embedded clock needs it)";
        if (body[1] == 0)
            media->video_config = copy_tag(MESSAGE_VIDEO, body, m->length);
        else if (body[1] == 1 && (media->frame_count > 0 || body[0] >> 4 == 1))
            add_frame(media, stamped_tag(body, m->length), m->timestamp);
    } else if (m->type == MESSAGE_AUDIO && is_audio_config(m)) {
        media->audio_config = copy_tag(MESSAGE_AUDIO, body, m->length);
    } else if (m->type == MESSAGE_AUDIO && m->length > 0 && media->frame_count > 0) {
        add_frame(media, copy_tag(MESSAGE_AUDIO, body, m->length), m->timestamp);
    }
    return NULL;
}

static const char *read_tags(struct media *media, const uint8_t *data, size_t length)
{
    for (size_t at = read_be(data + 5, 4) + 4; at + TAG_HEADER <= length;) {
        struct message m = { .type = data[at] & 31, .length = read_be(data + at + 1, 3) };
        m.timestamp = read_be(data + at + 4, 3) | (uint32_t)data[at + 7] << 24;
        at += TAG_HEADER;
        if (at + m.length > length)
            break;
        memcpy(m.head, data + at, message_head_length(&m));
        const char *error = add_tag(media, &m, data + at);
        if (error)
            return error;
        at += m.length + 4;
    }
    return NULL;
}

const char *media_load(struct media *media, const char *path)
{
    size_t length;
    uint8_t *data = read_file(path, &length);
    memset(media, 0, sizeof *media);
    if (!data)
        return "cannot read the media file";
    if (length < 13 || memcmp(data, "FLV", 3) != 0)
        return "not an FLV file";
    media->tags = xcalloc(length / (TAG_HEADER + 4), sizeof *media->tags);
    media->frame_tags = xcalloc(length / (TAG_HEADER + 4), sizeof *media->frame_tags);
    const char *error = read_tags(media, data, length);
    free(data);
    if (error)
        return error;
    if (media->frame_count < 2 || media->video_config.length == 0)
        return "fewer than two video frames in the file, or no decoder configuration";
    double last = media->tags[media->frame_tags[media->frame_count - 1]].timestamp;
    media->loop_ms = (uint32_t)(last * media->frame_count / (media->frame_count - 1) + 0.5);
    uint32_t end = media->tags[media->tag_count - 1].timestamp;
    if (media->loop_ms <= end)
        media->loop_ms = end + 1;
    return NULL;
}
