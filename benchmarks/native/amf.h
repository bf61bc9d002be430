/* AMF0 as far as the commands of a client and of the floor program need it. */
#ifndef XIU_AMF_H
#define XIU_AMF_H

#include "buffer.h"

#include <stdbool.h>

void amf_string(struct buffer *b, const char *text);
void amf_number(struct buffer *b, double value);
void amf_null(struct buffer *b);
void amf_object_begin(struct buffer *b);
void amf_key(struct buffer *b, const char *name);
void amf_object_end(struct buffer *b);

/* Reads the string or number at *at and moves on; false when there is something else. */
bool amf_read_string(const uint8_t *data, size_t length, size_t *at, char *out, size_t size);
bool amf_read_number(const uint8_t *data, size_t length, size_t *at, double *out);

#endif
