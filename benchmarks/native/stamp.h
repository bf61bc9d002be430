/*
 * The clock inside the media: every video frame begins with a user-data SEI unit (H.264 §D.1.7) that carries the
 * time of sending, the frame's number and the stream's number. A server passes it on like any other NAL unit.
 *
 *   offset in the FLV/RTMP video body
 *    0  frame type and codec, packet type, composition time   5 bytes
 *    5  NAL unit length                                       4
 *    9  0x06 SEI, 0x05 user data, payload size                3
 *   12  UUID                                                 16
 *   28  stamp: time 10, frame 5, stream 3 bytes of 7 bits    18
 *   46  0x80 trailing bits                                    1
 *
 * Seven bits a byte with the top bit set: no emulation prevention byte can become necessary.
 */
#ifndef XIU_STAMP_H
#define XIU_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STAMP_UUID_AT 12
#define STAMP_AT 28
#define STAMP_LENGTH 18
#define STAMP_UNIT_LENGTH 42 /* length field and SEI unit */
#define STAMP_END 47

struct stamp {
    uint64_t sent_ns;
    uint32_t frame;
    uint32_t stream;
};

/* Writes the unit (STAMP_UNIT_LENGTH bytes) with an empty stamp. */
void stamp_unit(uint8_t *out);

/* Fills the stamp of a video body made with stamp_unit. */
void stamp_set(uint8_t *body, struct stamp stamp);

/* Reads the stamp of a video body; false when there is none. */
bool stamp_get(const uint8_t *body, size_t length, struct stamp *stamp);

/* Looks for a stamp anywhere in `data`, for containers that move the unit. */
bool stamp_find(const uint8_t *data, size_t length, struct stamp *stamp);

#endif
