/* An RTMP client that publishes or plays one stream: handshake, connect, createStream, publish or play. */
#ifndef XIU_RTMP_CLIENT_H
#define XIU_RTMP_CLIENT_H

#include "chunk.h"
#include "conn.h"

enum rtmp_state { RTMP_HANDSHAKE, RTMP_CONNECT, RTMP_CREATE, RTMP_ASKED, RTMP_STARTED };

struct rtmp_client {
    struct conn conn; /* first */
    enum rtmp_state state;
    bool publishing;
    const struct url *url;
    uint32_t handshake_bytes;
    uint32_t stream_id;
    uint64_t received, acknowledged, window;
    struct chunk_decoder in;
    void (*asked)(struct rtmp_client *client);   /* publish or play was sent */
    void (*started)(struct rtmp_client *client); /* Publish.Start or Play.Start came */
    message_fn media;                            /* audio, video and data; the context is the client */
    void (*closed)(struct rtmp_client *client, const char *why);
};

/* Dials; the callbacks, url and publishing must be set. `hashing`: media messages get a hash. */
void rtmp_client_open(struct rtmp_client *client, bool hashing);

/* The chunk size that this client announces and sends with. */
#define RTMP_CLIENT_CHUNK 60000u

#endif
