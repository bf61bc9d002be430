/* One run over time as an SVG: server CPU above, latency below. */
#include "result.h"

#include <stdio.h>

#define WIDTH 720.0
#define LEFT 60.0
#define PANEL 150.0

struct panel {
    double top, most;
    const char *title;
};

static double value_of(const struct second *s, int which)
{
    return which == 0 ? s->cpu : which == 1 ? s->p50_ms : s->p99_ms;
}

static double most_of(const struct result *r, int which)
{
    double most = 0;
    for (uint32_t i = 0; i < r->second_count; i++)
        if (value_of(&r->seconds[i], which) > most)
            most = value_of(&r->seconds[i], which);
    double nice = 1;
    while (nice < most)
        nice *= nice * 2 < most ? 10 : 2;
    return nice;
}

static void frame(FILE *out, const struct panel *p)
{
    fprintf(out, "<text x='%.0f' y='%.0f' font-weight='bold'>%s</text>\n", LEFT, p->top - 8, p->title);
    for (int i = 0; i <= 4; i++) {
        double y = p->top + PANEL - PANEL * i / 4;
        fprintf(out, "<line x1='%.0f' x2='%.0f' y1='%.1f' y2='%.1f' stroke='#ddd'/>", LEFT, WIDTH - 20, y, y);
        fprintf(out, "<text x='%.0f' y='%.1f' text-anchor='end'>%g</text>\n", LEFT - 6, y + 4, p->most * i / 4);
    }
}

static void line(FILE *out, const struct result *r, const struct panel *p, int which, const char *colour)
{
    uint32_t last = r->second_count > 1 ? r->second_count - 1 : 1;
    fprintf(out, "<polyline fill='none' stroke='%s' stroke-width='2' points='", colour);
    for (uint32_t i = 0; i < r->second_count; i++)
        fprintf(out, "%.1f,%.1f ", LEFT + (WIDTH - 20 - LEFT) * i / last,
                p->top + PANEL - PANEL * value_of(&r->seconds[i], which) / p->most);
    fputs("'/>\n", out);
}

bool result_svg(const struct result *r, const char *path)
{
    FILE *out = fopen(path, "w");
    if (!out)
        return false;
    struct panel cpu = { 50, most_of(r, 0), "server CPU, % of a core, over the seconds of the run" };
    struct panel latency = { 260, most_of(r, 2), "latency p50 (blue) and p99 (red), ms" };
    fprintf(out, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %.0f 440' font-family='sans-serif' font-size='12'>\n"
                 "<rect width='100%%' height='100%%' fill='white'/>\n", WIDTH);
    fprintf(out, "<text x='%.0f' y='20'>%u streams, %u players</text>\n", LEFT, r->options->streams,
            r->crowd->players + r->base->players);
    frame(out, &cpu);
    line(out, r, &cpu, 0, "#2a7");
    frame(out, &latency);
    line(out, r, &latency, 1, "#26c");
    line(out, r, &latency, 2, "#c33");
    fputs("</svg>\n", out);
    return fclose(out) == 0;
}
