/* The parts of the floor program: sessions speak RTMP, streams hold a log and its players. */
#ifndef XIU_FLOOR_H
#define XIU_FLOOR_H

#include "chunk.h"
#include "conn.h"
#include "floor_log.h"

enum floor_format { FORMAT_RTMP, FORMAT_FLV, FORMAT_WS, FORMATS };

struct floor_session {
    struct conn conn; /* first */
    struct chunk_decoder in;
    uint32_t handshake_bytes;
    struct buffer request; /* of an HTTP player, until it is whole */
    enum floor_format format;
    struct floor_stream *stream;
    bool publishing, playing;
    uint64_t cursor;
    uint32_t place; /* in stream->players */
};

struct floor_stream {
    char name[256];
    struct floor_log logs[FORMATS];
    struct floor_session *publisher;
    struct floor_session **players;
    uint32_t player_count, player_capacity;
    bool dirty; /* bytes that the players do not have yet */
};

/* When the players get what is new. */
enum floor_flush { FLUSH_MESSAGE, FLUSH_FRAME, FLUSH_WINDOW };

void floor_streams_open(enum floor_flush flush, uint64_t window_ns, size_t log_bytes, bool http);
struct floor_stream *floor_stream_named(const char *name);

/* One message of the publisher, whole. */
void floor_stream_ingest(struct floor_stream *stream, const struct message *message, const uint8_t *body);

/* After a read of the publisher's socket: writes to the players if it is time. */
void floor_stream_pass(struct floor_stream *stream);

void floor_stream_join(struct floor_stream *stream, struct floor_session *player);
void floor_stream_leave(struct floor_session *session);

/* A message as an FLV tag, and as a WebSocket frame with one. */
void floor_format_flv(struct buffer *to, const struct message *m, const uint8_t *body, size_t length);
void floor_format_ws(struct buffer *to, const struct message *m, const uint8_t *body, size_t length);

/* Bytes of a session that began with a G. */
void floor_http_data(struct floor_session *session, const uint8_t *data, size_t length);

/* Takes over an accepted socket. */
void floor_session_open(int fd);

#define FLOOR_CHUNK 60000u

#endif
