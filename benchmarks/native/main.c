/* xiu-load: publishes real media to a live server, plays it many times and measures. See benchmarks/README.md. */
#include "clock.h"
#include "result.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct options options;
static struct media media;
static struct publisher_totals publishing;
static struct check_totals checks;
static struct publisher *publishers;
static struct url *publish_urls, *play_urls;
static struct audience crowd, base;
static struct result result;
static const char *phase;

static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "xiu-load: %s: %s\n", what, why);
    exit(4);
}

static struct url *resolve(const char *text)
{
    struct url *urls = xcalloc(options.streams, sizeof *urls);
    for (uint32_t i = 0; i < options.streams; i++) {
        const char *error = url_parse(&urls[i], text, i);
        if (error)
            give_up(text, error);
        if (!options.allow_remote && !url_is_loopback(&urls[i]))
            give_up(text, "not a loopback address (expected: one, or --allow-remote)");
    }
    return urls;
}

/* Enough file descriptors for every player, or a clear word. */
static void raise_limit(uint64_t wanted)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        if (limit.rlim_max < wanted)
            limit.rlim_max = wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            give_up("too few file descriptors", "raise the hard limit (ulimit -Hn)");
    }
}

/* Once a second: a progress line, and a row of the series while measuring. */
static void tick(struct timer *timer, uint64_t now)
{
    static struct usage last;
    bool terminal = isatty(STDERR_FILENO);
    static uint64_t last_ns;
    struct usage usage = procstat_read();
    double cpu = last_ns ? 100 * (double)(usage.cpu_ns - last.cpu_ns) / (double)(now - last_ns) : 0;
    double p50 = histogram_ms(&measuring.second, 0.5), p99 = histogram_ms(&measuring.second, 0.99);
    if (measuring.on && measuring.second.count && result.second_count < SECONDS_MAX)
        result.seconds[result.second_count++] = (struct second){ cpu, p50, p99, (double)usage.rss_bytes / 1e6,
                                                                   (double)usage.tcp_bytes / 1e6 };
    if (!options.quiet)
        fprintf(stderr, "%s%-9s playing %u/%u  cut off %u  server CPU %5.1f %%  latency p50 %.1f p99 %.1f ms%s",
                terminal ? "\r" : "", phase,
                crowd.group.playing + base.group.playing, crowd.count + base.count,
                crowd.group.closed + base.group.closed, cpu, p50, p99, terminal ? "   " : "\n");
    histogram_clear(&measuring.second);
    last = usage;
    last_ns = now;
    timer_set(timer, now + NS_PER_S);
}

static void run_for(const char *name, double seconds)
{
    phase = name;
    loop_run(now_ns() + (uint64_t)(seconds * 1e9));
}

static void publish(void)
{
    publishers = xcalloc(options.streams, sizeof *publishers);
    for (uint32_t i = 0; i < options.streams; i++) {
        struct publisher *p = &publishers[i];
        p->client.url = &publish_urls[i];
        p->media = &media;
        p->stream = i;
        p->phase_ns = 2 * NS_PER_S * i / options.streams;
        p->totals = &publishing;
        publisher_open(p);
        if (i % 16 == 15)
            run_for("publish", 0.01);
    }
    for (int i = 0; i < 100 && publishing.started < options.streams && !publishing.lost; i++)
        run_for("publish", 0.05);
    if (publishing.lost || publishing.started < options.streams)
        give_up("cannot publish", publishing.lost ? publishing.why : "no answer within 5 s");
}

static void prepare_audiences(void)
{
    bool rtmp = strcmp(play_urls[0].scheme, "rtmp") == 0, hls = strstr(play_urls[0].path, ".m3u8") != NULL;
    viewer_open open = rtmp ? rtmp_viewer_open : hls ? hls_viewer_open : flv_viewer_open;
    struct audience *all[] = { &crowd, &base };
    for (int i = 0; i < 2; i++) {
        all[i]->urls = play_urls;
        all[i]->streams = options.streams;
        all[i]->open = open;
        all[i]->rate = i == 0 || options.base < 400 ? options.join_rate : options.base / 4.0;
    }
    if (options.base > 0 && base.rate > 500)
        base.rate = 500;
    audience_make(&base, options.base, options.base < options.sample ? options.base : options.sample, &media, &checks);
    uint32_t players = options.players * options.streams;
    audience_make(&crowd, players, players < options.sample ? players : options.sample, &media, &checks);
}

static void join(struct audience *first)
{
    run_for("joining", (double)audience_join(first) / 1e9);
    if (options.follow > 0)
        audience_follow(first, options.follow);
    run_for("joining", options.warm_up_s);
    /* On a busy machine that may not be enough, and a player that is told to stop reading must play before it does. */
    for (int i = 0; options.must_be_whole && i < 300 && first->group.playing < first->group.players; i++)
        run_for("joining", 0.1);
}

static void measure(void)
{
    uint64_t crowd_bytes = crowd.group.bytes + base.group.bytes;
    procstat_watch(options.pids, options.pid_count);
    histogram_clear(&publishing.late);
    histogram_clear(&measuring.second);
    audience_stall(options.base > 0 ? &base : &crowd, options.stalled);
    result.before = procstat_read();
    uint64_t start = now_ns(), own = own_cpu_ns();
    measuring.on = true;
    if (options.base > 0)
        audience_join(&crowd);
    run_for("measuring", options.duration_s);
    measuring.on = false;
    result.after = procstat_read();
    result.own_cpu_ns = own_cpu_ns() - own;
    result.measured_ns = now_ns() - start;
    result.bytes = crowd.group.bytes + base.group.bytes - crowd_bytes;
}

static int report(void)
{
    result.options = &options;
    result.crowd = &crowd.group;
    result.base = &base.group;
    result.publishing = &publishing;
    result.checks = &checks;
    result.media = &media;
    result_judge(&result);
    if (!options.quiet)
        fputc('\n', stderr);
    result_table(&result);
    if (options.json && !result_json(&result, options.json))
        give_up(options.json, "cannot write");
    if (options.svg && !result_svg(&result, options.svg))
        give_up(options.svg, "cannot write");
    if (options.must_be_whole && result.broken[0])
        return 1;
    return result.bottleneck[0] ? 3 : 0;
}

int main(int count, char **arguments)
{
    static struct timer ticker = { .fire = tick };
    options_parse(&options, count, arguments);
    signal(SIGPIPE, SIG_IGN);
    const char *error = media_load(&media, options.media);
    if (error)
        give_up(options.media, error);
    if (options.pid_count > 0 && !procstat_watch(options.pids, options.pid_count))
        give_up("--pid", "no such process");
    measuring.stall_ns = (uint64_t)(options.stall_ms * 1e6);
    play_urls = resolve(options.play);
    raise_limit((uint64_t)options.players * options.streams + options.base + options.streams + 64);
    loop_open();
    timer_set(&ticker, now_ns() + NS_PER_S);
    if (options.publish) {
        publish_urls = resolve(options.publish);
        publish();
    }
    prepare_audiences();
    run_for("settling", options.settle_s);
    join(base.count > 0 ? &base : &crowd);
    measure();
    audience_end(&base, now_ns());
    audience_end(&crowd, now_ns());
    int code = report();
    for (uint32_t i = 0; options.publish && i < options.streams; i++)
        publisher_close(&publishers[i]);
    return code;
}
