#include "hls_playlist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_uri(struct hls_playlist *p, const char *uri)
{
    if (p->count == HLS_SEGMENTS_MAX) {
        memmove(p->segments[0], p->segments[1], sizeof p->segments - sizeof p->segments[0]);
        p->count--;
        p->sequence++;
    }
    snprintf(p->segments[p->count++], sizeof p->segments[0], "%s", uri);
}

const char *hls_playlist_parse(struct hls_playlist *p, char *text)
{
    static const char target[] = "#EXT-X-TARGETDURATION:", sequence[] = "#EXT-X-MEDIA-SEQUENCE:";
    char *rest = NULL;
    p->master = false;
    p->target_s = 0;
    p->sequence = 0;
    p->count = 0;
    if (strncmp(text, "#EXTM3U", 7) != 0)
        return "HLS: no #EXTM3U";
    for (char *line = strtok_r(text, "\r\n", &rest); line; line = strtok_r(NULL, "\r\n", &rest)) {
        if (strncmp(line, target, sizeof target - 1) == 0)
            p->target_s = atof(line + sizeof target - 1);
        else if (strncmp(line, sequence, sizeof sequence - 1) == 0)
            p->sequence = strtoull(line + sizeof sequence - 1, NULL, 10);
        else if (strncmp(line, "#EXT-X-STREAM-INF", 17) == 0)
            p->master = true;
        else if (line[0] != '#')
            add_uri(p, line);
    }
    return !p->master && p->target_s <= 0 ? "HLS: no target duration" : NULL;
}

bool hls_resolve(char out[512], const char *playlist_path, const char *uri)
{
    const char *rest = strstr(uri, "://");
    if (rest && !(rest = strchr(rest + 3, '/')))
        return false;
    if (rest || uri[0] == '/') {
        snprintf(out, 512, "%s", rest ? rest : uri);
        return true;
    }
    size_t path = strcspn(playlist_path, "?");
    while (path > 0 && playlist_path[path - 1] != '/')
        path--;
    snprintf(out, 512, "%.*s%s", (int)path, playlist_path, uri);
    return true;
}
