/* A player over RTMP. */
#include "audience.h"

#include "clock.h"
#include "rtmp_client.h"

struct rtmp_viewer {
    struct rtmp_client client; /* first */
    struct player *player;
};

static void on_asked(struct rtmp_client *client)
{
    ((struct rtmp_viewer *)client)->player->asked_ns = now_ns();
}

static void on_started(struct rtmp_client *client)
{
    (void)client;
}

static void on_media(void *context, const struct message *message, uint64_t now)
{
    player_message(((struct rtmp_viewer *)context)->player, message, now);
}

static void on_closed(struct rtmp_client *client, const char *why)
{
    player_closed(((struct rtmp_viewer *)client)->player, why);
}

void rtmp_viewer_open(struct viewer *viewer, const struct url *url, bool hashing)
{
    struct rtmp_viewer *rtmp = xcalloc(1, sizeof *rtmp);
    rtmp->player = &viewer->player;
    rtmp->client.url = url;
    rtmp->client.asked = on_asked;
    rtmp->client.started = on_started;
    rtmp->client.media = on_media;
    rtmp->client.closed = on_closed;
    viewer->conn = &rtmp->client.conn;
    rtmp_client_open(&rtmp->client, hashing);
}
