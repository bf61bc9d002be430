/* The URLs that the tools take: rtmp://host[:port]/app/name and http|ws://host[:port]/path. */
#ifndef XIU_URL_H
#define XIU_URL_H

#include <netinet/in.h>
#include <stdbool.h>

struct url {
    char scheme[8];
    char host[128];
    char port[8];
    char path[256]; /* with the leading slash */
    struct sockaddr_storage address;
    socklen_t address_length;
};

/* Parses and resolves; NULL, or what is wrong. each %d in `text` becomes `number`. */
const char *url_parse(struct url *url, const char *text, unsigned number);

bool url_is_loopback(const struct url *url);

/* Splits an RTMP path: "/a/b/name" is app "a/b" and name "name". */
void url_split(const struct url *url, char app[256], char name[256]);

#endif
