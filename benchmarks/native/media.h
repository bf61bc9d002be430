/* The media to publish: an FLV file with H.264, held in memory, each video frame prepared for a stamp. */
#ifndef XIU_MEDIA_H
#define XIU_MEDIA_H

#include "message.h"

struct tag {
    uint8_t type;
    bool key;
    uint32_t timestamp; /* ms from the start of the file's first frame */
    uint32_t frame;     /* number of the video frame, or of the one before */
    uint32_t length;
    uint8_t *body;
    uint64_t hash;
};

struct media {
    struct tag *tags; /* coded frames only */
    uint32_t tag_count;
    uint32_t *frame_tags; /* video frame number -> index in tags */
    uint32_t frame_count;
    uint32_t audio_count;
    uint32_t loop_ms;
    uint64_t bytes;
    struct tag metadata, video_config, audio_config; /* length 0: none */
};

/* Loads a file; NULL, or what is wrong with it. */
const char *media_load(struct media *media, const char *path);

static inline bool is_video_config(const struct message *m)
{
    return m->type == MESSAGE_VIDEO && m->length >= 2 && (m->head[0] & 15) == 7 && m->head[1] == 0;
}

static inline bool is_audio_config(const struct message *m)
{
    return m->type == MESSAGE_AUDIO && m->length >= 2 && m->head[0] >> 4 == 10 && m->head[1] == 0;
}

static inline bool is_key_frame(const struct message *m)
{
    return m->type == MESSAGE_VIDEO && m->length >= 2 && m->head[0] >> 4 == 1 && m->head[1] == 1;
}

#endif
