#include "result.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct field {
    const char *key, *label;
    double value;
    int digits;
};

#define FIELDS_MAX 96

struct fields {
    struct field list[FIELDS_MAX];
    uint32_t count;
};

static void add(struct fields *f, const char *key, const char *label, double value, int digits)
{
    if (f->count < FIELDS_MAX)
        f->list[f->count++] = (struct field){ key, label, value, digits };
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of the calmest quarter of the seconds the last: what a machine's host does besides shows as the server's own time. */
static double calm_cpu(const struct result *r)
{
    static double cpu[SECONDS_MAX];
    for (uint32_t i = 0; i < r->second_count; i++)
        cpu[i] = r->seconds[i].cpu;
    qsort(cpu, r->second_count, sizeof *cpu, by_value);
    return r->second_count ? cpu[(r->second_count - 1) / 4] : 0;
}

static void add_server(struct fields *f, const struct result *r)
{
    if (r->options->pid_count == 0)
        return;
    double cpu = (double)(r->after.cpu_ns - r->before.cpu_ns), seconds = (double)r->measured_ns / 1e9;
    uint32_t playing = r->crowd->playing + r->base->playing;
    add(f, "server_cpu_pct", "server CPU, % of a core", 100 * cpu / (double)r->measured_ns, 2);
    add(f, "server_cpu_calm_pct", "server CPU of the calmer seconds, %", calm_cpu(r), 2);
    add(f, "server_cpu_us_per_player_s", "server CPU per player, us/s", playing ? cpu / 1e3 / seconds / playing : 0, 2);
    add(f, "server_rss_start_mb", "server RSS at start, MB", (double)r->before.rss_bytes / 1e6, 1);
    add(f, "server_rss_end_mb", "server RSS at end, MB", (double)r->after.rss_bytes / 1e6, 1);
    add(f, "tcp_memory_start_mb", "kernel TCP memory at start, MB", (double)r->before.tcp_bytes / 1e6, 1);
    add(f, "tcp_memory_end_mb", "kernel TCP memory at end, MB", (double)r->after.tcp_bytes / 1e6, 1);
}

static void add_group(struct fields *f, const struct group *g)
{
    add(f, "players", "players", g->players, 0);
    add(f, "playing", "players that play", g->playing, 0);
    add(f, "closed", "players cut off", g->closed, 0);
    add(f, "latency_p50_ms", "latency p50, ms", histogram_ms(&g->latency, 0.5), 3);
    add(f, "latency_p90_ms", "latency p90, ms", histogram_ms(&g->latency, 0.9), 3);
    add(f, "latency_p99_ms", "latency p99, ms", histogram_ms(&g->latency, 0.99), 3);
    add(f, "latency_p999_ms", "latency p99.9, ms", histogram_ms(&g->latency, 0.999), 3);
    add(f, "latency_max_ms", "latency max, ms", (double)g->latency.max / 1e6, 3);
    add(f, "join_p50_ms", "join (play to key frame) p50, ms", histogram_ms(&g->join, 0.5), 3);
    add(f, "join_p99_ms", "join p99, ms", histogram_ms(&g->join, 0.99), 3);
    add(f, "connect_p50_ms", "connect to key frame p50, ms", histogram_ms(&g->connect, 0.5), 3);
    add(f, "connect_p99_ms", "connect to key frame p99, ms", histogram_ms(&g->connect, 0.99), 3);
    add(f, "stalls", "stalls", g->stalls, 0);
    add(f, "max_gap_ms", "longest gap between frames, ms", (double)g->max_gap_ns / 1e6, 1);
    add(f, "frames", "frames received", (double)g->frames, 0);
    add(f, "missing", "frames missing", (double)g->missing, 0);
    add(f, "skips", "skips", (double)g->skips, 0);
    add(f, "wrong", "frames wrong or out of order", (double)g->wrong, 0);
}

static void add_base(struct fields *f, const struct group *g)
{
    if (g->players == 0)
        return;
    add(f, "base_players", "base players", g->players, 0);
    add(f, "base_playing", "base players that play", g->playing, 0);
    add(f, "base_closed", "base players cut off", g->closed, 0);
    add(f, "base_latency_p50_ms", "base latency p50, ms", histogram_ms(&g->latency, 0.5), 3);
    add(f, "base_latency_p99_ms", "base latency p99, ms", histogram_ms(&g->latency, 0.99), 3);
    add(f, "base_stalls", "base stalls", g->stalls, 0);
    add(f, "base_max_gap_ms", "base longest gap, ms", (double)g->max_gap_ns / 1e6, 1);
    add(f, "base_missing", "base frames missing", (double)g->missing, 0);
}

static void add_tool(struct fields *f, const struct result *r)
{
    add(f, "streams", "streams", r->options->streams, 0);
    add(f, "measured_s", "measured, s", (double)r->measured_ns / 1e9, 1);
    add(f, "received_mbit_s", "received, Mbit/s", (double)r->bytes * 8e3 / (double)r->measured_ns, 1);
    add(f, "checked_players", "players checked byte for byte", r->checks->players, 0);
    add(f, "checked_messages", "messages checked", (double)r->checks->messages, 0);
    add(f, "changed_payloads", "payloads changed", (double)r->checks->changed, 0);
    add(f, "bad_timestamps", "timestamps wrong", (double)r->checks->bad_times, 0);
    add(f, "missing_audio", "audio messages missing", (double)r->checks->missing_audio, 0);
    add(f, "publishers_lost", "publishers cut off", r->publishing->lost, 0);
    add(f, "publish_backlog_kb", "most bytes a publisher had to hold, KB", (double)r->publishing->backlog_max / 1e3, 1);
    add(f, "publish_late_p99_ms", "published late p99, ms", histogram_ms(&r->publishing->late, 0.99), 3);
    add(f, "own_cpu_pct", "own CPU, % of a core", 100 * (double)r->own_cpu_ns / (double)r->measured_ns, 1);
}

static void collect(struct fields *f, const struct result *r)
{
    f->count = 0;
    add_server(f, r);
    add_group(f, r->crowd);
    add_base(f, r->base);
    add_tool(f, r);
}

static void say(char out[160], const char *format, ...)
{
    if (out[0])
        return; /* the first reason stands */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out, 160, format, arguments);
    va_end(arguments);
}

static void judge_group(struct result *r, const char *name, const struct group *g)
{
    if (g->playing < g->players)
        say(r->broken, "%u of %u %s never played%s%s", g->players - g->playing, g->players, name,
            g->why[0] ? ": " : "", g->why);
    if (g->closed)
        say(r->broken, "%u %s were cut off: %s", g->closed, name, g->why);
    if (g->missing || g->wrong)
        say(r->broken, "%s miss %llu frames, and %llu are wrong", name, (unsigned long long)g->missing,
            (unsigned long long)g->wrong);
    if (g->stalls)
        say(r->broken, "%s stalled %u times", name, g->stalls);
}

void result_judge(struct result *r)
{
    const struct options *o = r->options;
    double own = 100 * (double)r->own_cpu_ns / (double)r->measured_ns;
    double late = histogram_ms(&r->publishing->late, 0.99);
    if (own > o->max_cpu)
        say(r->bottleneck, "own CPU %.0f %% of a core (expected: at most %.0f)", own, o->max_cpu);
    if (late > o->max_late_ms)
        say(r->bottleneck, "publishing was %.1f ms late at p99 (expected: at most %.1f)", late, o->max_late_ms);
    if (r->publishing->lost)
        say(r->broken, "%u publishers were cut off: %s", r->publishing->lost, r->publishing->why);
    judge_group(r, "players", r->crowd);
    judge_group(r, "base players", r->base);
    const struct check_totals *c = r->checks;
    if (c->changed || c->bad_times || c->missing_audio)
        say(r->broken, "of %llu messages checked %llu changed, %llu have wrong times, %llu audio messages are missing",
            (unsigned long long)c->messages, (unsigned long long)c->changed, (unsigned long long)c->bad_times,
            (unsigned long long)c->missing_audio);
    if (c->players > 0 && c->messages == 0 && r->crowd->players > 0)
        say(r->broken, "nothing could be checked");
}

void result_table(const struct result *r)
{
    struct fields f;
    collect(&f, r);
    printf("\n%s%s%s -> %s\n", r->options->label, r->options->label[0] ? ": " : "",
           r->options->publish ? r->options->publish : "(published elsewhere)", r->options->play);
    for (uint32_t i = 0; i < f.count; i++)
        printf("  %-40s %14.*f\n", f.list[i].label, f.list[i].digits, f.list[i].value);
    if (r->broken[0])
        printf("NOT WHOLE: %s\n", r->broken);
    if (r->bottleneck[0])
        printf("NO CONCLUSION, this tool was the bottleneck: %s\n", r->bottleneck);
    fflush(stdout);
}

static void json_text(FILE *out, const char *key, const char *text)
{
    fprintf(out, "  \"%s\": \"", key);
    for (const char *c = text ? text : ""; *c; c++)
        if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if ((unsigned char)*c >= 32)
            fputc(*c, out);
    fputs("\",\n", out);
}

bool result_json(const struct result *r, const char *path)
{
    struct fields f;
    FILE *out = fopen(path, "w");
    if (!out)
        return false;
    collect(&f, r);
    fputs("{\n", out);
    json_text(out, "label", r->options->label);
    json_text(out, "publish", r->options->publish);
    json_text(out, "play", r->options->play);
    json_text(out, "verdict", r->bottleneck[0] ? "no conclusion" : r->broken[0] ? "not whole" : "measured");
    json_text(out, "bottleneck", r->bottleneck);
    json_text(out, "broken", r->broken);
    for (uint32_t i = 0; i < f.count; i++)
        fprintf(out, "  \"%s\": %.*f,\n", f.list[i].key, f.list[i].digits, f.list[i].value);
    fputs("  \"seconds\": [\n", out);
    for (uint32_t i = 0; i < r->second_count; i++) {
        const struct second *s = &r->seconds[i];
        fprintf(out, "    {\"server_cpu_pct\": %.2f, \"latency_p50_ms\": %.2f, \"latency_p99_ms\": %.2f, \"rss_mb\": %.1f, \"tcp_mb\": %.1f}%s\n",
                s->cpu, s->p50_ms, s->p99_ms, s->rss_mb, s->tcp_mb, i + 1 < r->second_count ? "," : "");
    }
    fputs("  ]\n}\n", out);
    return fclose(out) == 0;
}
