#include "url.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>

static const char *default_port(const char *scheme)
{
    if (strcmp(scheme, "rtmp") == 0)
        return "1935";
    return strcmp(scheme, "http") == 0 || strcmp(scheme, "ws") == 0 ? "80" : NULL;
}

/* Every %d becomes `number`. */
static void expand(char *out, size_t size, const char *text, unsigned number)
{
    size_t used = 0;
    out[0] = 0;
    for (const char *mark; (mark = strstr(text, "%d")) != NULL && used < size; text = mark + 2)
        used += (size_t)snprintf(out + used, size - used, "%.*s%u", (int)(mark - text), text, number);
    if (used < size)
        snprintf(out + used, size - used, "%s", text);
}

static const char *split(struct url *url, char *text)
{
    char *rest = strstr(text, "://");
    if (!rest || rest - text >= (long)sizeof url->scheme)
        return "not a URL";
    snprintf(url->scheme, sizeof url->scheme, "%.*s", (int)(rest - text), text);
    const char *port = default_port(url->scheme);
    if (!port)
        return "unknown scheme (expected: rtmp, http or ws)";
    rest += 3;
    char *slash = strchr(rest, '/');
    if (!slash || strlen(slash) < 2 || strlen(slash) >= sizeof url->path)
        return "no path in the URL";
    strcpy(url->path, slash);
    *slash = 0;
    char *end = rest[0] == '[' ? strchr(rest, ']') : rest + strcspn(rest, ":");
    if (!end || end - rest >= (long)sizeof url->host)
        return "no host in the URL";
    char *colon = strchr(end, ':');
    snprintf(url->port, sizeof url->port, "%s", colon ? colon + 1 : port);
    snprintf(url->host, sizeof url->host, "%.*s", (int)(end - rest - (rest[0] == '[')), rest + (rest[0] == '['));
    return NULL;
}

const char *url_parse(struct url *url, const char *text, unsigned number)
{
    char copy[512];
    expand(copy, sizeof copy, text, number);
    const char *error = split(url, copy);
    if (error)
        return error;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
    if (getaddrinfo(url->host, url->port, &hints, &found) != 0)
        return "cannot resolve the host";
    memcpy(&url->address, found->ai_addr, found->ai_addrlen);
    url->address_length = found->ai_addrlen;
    freeaddrinfo(found);
    return NULL;
}

bool url_is_loopback(const struct url *url)
{
    if (url->address.ss_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)&url->address)->sin_addr.s_addr) >> 24 == 127;
    return url->address.ss_family == AF_INET6
        && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)&url->address)->sin6_addr);
}

void url_split(const struct url *url, char app[256], char name[256])
{
    const char *slash = strrchr(url->path, '/');
    snprintf(app, 256, "%.*s", (int)(slash > url->path ? slash - url->path - 1 : 0), url->path + 1);
    snprintf(name, 256, "%s", slash + 1);
}
