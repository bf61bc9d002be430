/*
 * xiu-floor: the least a server can do for RTMP players. One thread, ready bytes in one log a stream, a cursor a player,
 * one send() per player and window. What it costs is what the kernel's TCP path costs; servers are measured against it.
 * A floor, not a server: no limits, no access rules, slow players are cut off.
 */
#include "clock.h"
#include "floor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static const char usage[] =
    "usage: xiu-floor [--port P] [--window frame|message|MS] [--http] [--log-kb K]\n"
    "  --port P       RTMP port on 127.0.0.1 (1935)\n"
    "  --window W     write to the players at the end of each video frame (frame, the default), after each\n"
    "                 message (message), or every MS milliseconds\n"
    "  --http         also serve http:// and ws://127.0.0.1:P/live/NAME.flv\n"
    "  --log-kb K     bytes a stream holds, a power of two (1024)\n";

static long number(const char *text, long least, long most)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || value < least || value > most) {
        fprintf(stderr, "xiu-floor: %s (expected: %ld … %ld)\n%s", text, least, most, usage);
        exit(2);
    }
    return value;
}

static void on_accept(struct source *listener, uint32_t events)
{
    (void)events;
    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        floor_session_open(fd);
    }
}

static void listen_on(struct source *listener, uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int on = 1;
    listener->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    listener->ready = on_accept;
    setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener->fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener->fd, 4096) != 0) {
        fprintf(stderr, "xiu-floor: port %u: %s\n", port, strerror(errno));
        exit(1);
    }
    loop_add(listener, EPOLLIN);
}

int main(int count, char **arguments)
{
    static const struct option names[] = {
        { "port", 1, 0, 'p' }, { "window", 1, 0, 'w' }, { "log-kb", 1, 0, 'l' }, { "http", 0, 0, 'f' }, { "help", 0, 0, 'h' }, { 0, 0, 0, 0 }
    };
    static struct source listener;
    long port = 1935, window = 0, log_kb = 1024;
    enum floor_flush flush = FLUSH_FRAME;
    bool http = false;
    for (int key; (key = getopt_long(count, arguments, "", names, NULL)) != -1;) {
        if (key == 'f') {
            http = true;
        } else if (key == 'p') {
            port = number(optarg, 1, 65535);
        } else if (key == 'l') {
            log_kb = number(optarg, 64, 1 << 20);
        } else if (key == 'w') {
            flush = strcmp(optarg, "frame") == 0 ? FLUSH_FRAME : strcmp(optarg, "message") == 0 ? FLUSH_MESSAGE : FLUSH_WINDOW;
            window = flush == FLUSH_WINDOW ? number(optarg, 1, 10000) : 0;
        } else {
            fputs(usage, key == 'h' ? stdout : stderr);
            return key == 'h' ? 0 : 2;
        }
    }
    if (log_kb & (log_kb - 1)) {
        fprintf(stderr, "xiu-floor: --log-kb: %ld (expected: a power of two)\n", log_kb);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    loop_open();
    listen_on(&listener, (uint16_t)port);
    floor_streams_open(flush, (uint64_t)window * NS_PER_MS, (size_t)log_kb << 10, http);
    printf("xiu-floor: rtmp://127.0.0.1:%ld/live/NAME\n", port);
    fflush(stdout);
    loop_run(UINT64_MAX);
    return 0;
}
