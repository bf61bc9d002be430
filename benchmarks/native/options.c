#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: xiu-load --media FILE --publish URL [--play URL] [options]\n"
    "Publishes FILE in real time to a live server and plays it back many times; measures latency and CPU.\n\n"
    "  --media FILE      FLV file with H.264 to publish over and over\n"
    "  --publish URL     rtmp://host:port/app/name; with several streams a %d in the name is the number\n"
    "  --play URL        rtmp://… | http://….flv | ws://….flv | http://….m3u8 (default: the publish URL)\n"
    "  --streams M       streams to publish (1)\n"
    "  --players N       players of each stream (1)\n"
    "  --join-rate R     players that join per second (all within 4 s)\n"
    "  --base B          players that play before the others join: measures them during the join storm (0)\n"
    "  --stalled K       players (of --base if there are any) that stop reading when the measurement begins (0)\n"
    "  --settle S        seconds between publishing and the first join (2.5; HLS 9)\n"
    "  --warm-up S       seconds between the last join and the measurement (3)\n"
    "  --duration S      seconds to measure (10)\n"
    "  --sample K        players whose every byte is checked (10)\n"
    "  --follow K        players of which each frame's arrival is timed (all); the others are read a few times a second,\n"
    "                    for less work: that nothing is missing is still seen, latency and the longest gap are not\n"
    "  --pid P[,P…]      server processes to account, with their children\n"
    "  --stall-ms T      a player without a frame for T ms has stalled (1000; HLS 6000)\n"
    "  --max-late-ms T   publishing later than this at p99 makes the run inconclusive (5)\n"
    "  --max-cpu P       own CPU above P % of a core makes the run inconclusive (85)\n"
    "  --assert          exit 1 unless all players play and every frame and sampled byte is there\n"
    "  --json FILE  --svg FILE  --label TEXT  --quiet  --allow-remote  --help\n\n"
    "exit: 0 measured, 1 --assert failed, 2 usage, 3 no conclusion (this tool was the bottleneck), 4 could not run\n";

static void fail(const char *what, const char *value)
{
    fprintf(stderr, "xiu-load: %s: %s (see --help)\n", what, value);
    exit(2);
}

static double number(const char *name, const char *text, double least, double most)
{
    char *end;
    double value = strtod(text, &end);
    if (*end || end == text || !(value >= least && value <= most)) {
        fprintf(stderr, "xiu-load: --%s: %s (expected: %g … %g)\n", name, text, least, most);
        exit(2);
    }
    return value;
}

static void parse_pids(struct options *o, const char *text)
{
    while (*text) {
        char *end;
        long pid = strtol(text, &end, 10);
        if (end == text || pid <= 0 || o->pid_count == PIDS_MAX)
            fail("bad --pid", text);
        o->pids[o->pid_count++] = (pid_t)pid;
        text = *end == ',' ? end + 1 : end;
    }
}

static const struct option names[] = {
    { "media", 1, 0, 'm' },      { "publish", 1, 0, 'p' },     { "play", 1, 0, 'P' },     { "streams", 1, 0, 's' },
    { "players", 1, 0, 'n' },    { "join-rate", 1, 0, 'r' },   { "base", 1, 0, 'b' },     { "stalled", 1, 0, 'S' },
    { "settle", 1, 0, 'e' },     { "warm-up", 1, 0, 'w' },     { "duration", 1, 0, 'd' }, { "sample", 1, 0, 'k' },
    { "pid", 1, 0, 'i' },        { "stall-ms", 1, 0, 't' },    { "json", 1, 0, 'j' },     { "svg", 1, 0, 'v' },
    { "label", 1, 0, 'l' },      { "assert", 0, 0, 'a' },      { "quiet", 0, 0, 'q' },    { "allow-remote", 0, 0, 'R' },
    { "max-late-ms", 1, 0, 'L' }, { "max-cpu", 1, 0, 'C' },    { "follow", 1, 0, 'f' },
    { "help", 0, 0, 'h' },     { 0, 0, 0, 0 }
};

static void set_number(struct options *o, int key, const char *name, const char *text)
{
    switch (key) {
    case 's': o->streams = (uint32_t)number(name, text, 1, 4096); break;
    case 'n': o->players = (uint32_t)number(name, text, 0, 60000); break;
    case 'b': o->base = (uint32_t)number(name, text, 0, 60000); break;
    case 'S': o->stalled = (uint32_t)number(name, text, 0, 60000); break;
    case 'f': o->follow = (uint32_t)number(name, text, 1, 60000); break;
    case 'k': o->sample = (uint32_t)number(name, text, 0, 60000); break;
    case 'r': o->join_rate = number(name, text, 1, 100000); break;
    case 'e': o->settle_s = number(name, text, 0, 600); break;
    case 'w': o->warm_up_s = number(name, text, 0, 600); break;
    case 'd': o->duration_s = number(name, text, 1, 3600); break;
    case 't': o->stall_ms = number(name, text, 1, 600000); break;
    case 'L': o->max_late_ms = number(name, text, 0.1, 10000); break;
    case 'C': o->max_cpu = number(name, text, 1, 100); break;
    default: exit(2); /* getopt has said why */
    }
}

static void set(struct options *o, int key, int at, const char *text)
{
    switch (key) {
    case 'm': o->media = text; break;
    case 'p': o->publish = text; break;
    case 'P': o->play = text; break;
    case 'j': o->json = text; break;
    case 'v': o->svg = text; break;
    case 'l': o->label = text; break;
    case 'i': parse_pids(o, text); break;
    case 'a': o->must_be_whole = true; break;
    case 'q': o->quiet = true; break;
    case 'R': o->allow_remote = true; break;
    case 'h': fputs(usage, stdout); exit(0);
    default: set_number(o, key, names[at].name, text);
    }
}

void options_parse(struct options *o, int count, char **arguments)
{
    *o = (struct options){ .streams = 1, .players = 1, .sample = 10, .settle_s = -1, .warm_up_s = 3, .duration_s = 10,
                           .max_late_ms = 5, .max_cpu = 85, .label = "" };
    int key, at = 0;
    while ((key = getopt_long(count, arguments, "", names, &at)) != -1)
        set(o, key, at, optarg);
    if (optind < count)
        fail("unexpected argument", arguments[optind]);
    if (!o->media || (!o->publish && !o->play))
        fail("missing option", !o->media ? "--media" : "--publish or --play");
    if (!o->play)
        o->play = o->publish;
    bool hls = strstr(o->play, ".m3u8") != NULL;
    if (o->settle_s < 0)
        o->settle_s = hls ? 9 : 2.5;
    if (o->stall_ms == 0)
        o->stall_ms = hls ? 6000 : 1000;
    uint64_t all = (uint64_t)o->streams * o->players + o->base;
    if (all > 60000 || o->stalled > (o->base ? o->base : all))
        fail("too many players", "60000 is the most, and --stalled is a part of them");
    if (o->streams > 1 && (!strstr(o->play, "%d") || (o->publish && !strstr(o->publish, "%d"))))
        fail("several streams need a %d in the URLs", o->play);
    if (o->join_rate == 0)
        o->join_rate = all > 400 ? (double)all / 4 : 100;
}
