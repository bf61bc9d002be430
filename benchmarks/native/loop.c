#include "loop.h"

#include "buffer.h"
#include "clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#define BATCH 512
#define TIMER_EVERY 16

static int epoll_fd = -1;
static volatile bool stopping;
static struct timer **heap; /* from 1 */
static uint32_t heap_used, heap_capacity;

void loop_open(void)
{
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_fd < 0) {
        perror("xiu: epoll_create1");
        exit(4);
    }
}

static void control(int operation, struct source *source, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = source };
    epoll_ctl(epoll_fd, operation, source->fd, &event);
}

void loop_add(struct source *source, uint32_t events)
{
    control(EPOLL_CTL_ADD, source, events);
}

void loop_change(struct source *source, uint32_t events)
{
    control(EPOLL_CTL_MOD, source, events);
}

void loop_remove(struct source *source)
{
    control(EPOLL_CTL_DEL, source, 0);
}

static void place(struct timer *timer, uint32_t at)
{
    heap[at] = timer;
    timer->place = at;
}

static void sift(struct timer *timer, uint32_t at)
{
    for (; at > 1 && heap[at / 2]->at > timer->at; at /= 2)
        place(heap[at / 2], at);
    for (uint32_t child; (child = 2 * at) <= heap_used; at = child) {
        if (child < heap_used && heap[child + 1]->at < heap[child]->at)
            child++;
        if (heap[child]->at >= timer->at)
            break;
        place(heap[child], at);
    }
    place(timer, at);
}

void timer_set(struct timer *timer, uint64_t at)
{
    timer->at = at;
    if (timer->place == 0) {
        if (heap_used + 1 >= heap_capacity) {
            heap_capacity = heap_capacity ? 2 * heap_capacity : 64;
            struct timer **wider = xmalloc(heap_capacity * sizeof *wider);
            for (uint32_t i = 1; i <= heap_used; i++)
                wider[i] = heap[i];
            free(heap);
            heap = wider;
        }
        timer->place = ++heap_used;
    }
    sift(timer, timer->place);
}

void timer_cancel(struct timer *timer)
{
    uint32_t at = timer->place;
    if (at == 0)
        return;
    timer->place = 0;
    struct timer *last = heap[heap_used--];
    if (last != timer)
        sift(last, at);
}

static void run_timers(void)
{
    while (heap_used > 0) {
        uint64_t now = now_ns();
        struct timer *first = heap[1];
        if (first->at > now + TIMER_SLACK)
            return;
        timer_cancel(first);
        first->fire(first, now);
    }
}

void loop_stop(void)
{
    stopping = true;
}

void loop_run(uint64_t deadline)
{
    static struct epoll_event events[BATCH];
    stopping = false;
    for (;;) {
        run_timers();
        uint64_t now = now_ns();
        if (stopping || now >= deadline)
            return;
        uint64_t next = heap_used && heap[1]->at < deadline ? heap[1]->at : deadline;
        uint64_t wait = next > now ? next - now : 0;
        struct timespec timeout = { (time_t)(wait / NS_PER_S), (long)(wait % NS_PER_S) };
        int count = epoll_pwait2(epoll_fd, events, BATCH, &timeout, NULL);
        for (int i = 0; i < count; i++) {
            struct source *source = events[i].data.ptr;
            if (source->fd >= 0)
                source->ready(source, events[i].events);
            if (i % TIMER_EVERY == TIMER_EVERY - 1)
                run_timers();
        }
    }
}
