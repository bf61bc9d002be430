#include "conn.h"

#include "clock.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE (512 << 10)

static uint8_t read_buffer[READ_SIZE];

static void watch(struct conn *conn)
{
    uint32_t events = conn->paused ? 0 : EPOLLIN;
    if (!conn->connected || conn->out.length > 0 || conn->wants_write)
        events |= EPOLLOUT;
    loop_change(&conn->source, events);
}

void conn_close(struct conn *conn, const char *why)
{
    if (conn->source.fd < 0)
        return;
    loop_remove(&conn->source);
    close(conn->source.fd);
    conn->source.fd = -1;
    buffer_release(&conn->out);
    conn->closed(conn, why);
}

static void connected(struct conn *conn)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(conn->source.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        conn_close(conn, strerror(error));
        return;
    }
    conn->connected = true;
    watch(conn);
    conn->opened(conn);
}

static void flush(struct conn *conn)
{
    ssize_t sent = send(conn->source.fd, conn->out.data, conn->out.length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        conn_close(conn, strerror(errno));
        return;
    }
    if (sent > 0) {
        conn->out.length -= (size_t)sent;
        memmove(conn->out.data, conn->out.data + sent, conn->out.length);
    }
    if (conn->out.length == 0) {
        buffer_release(&conn->out);
        watch(conn);
    }
}

static void receive(struct conn *conn)
{
    ssize_t got = recv(conn->source.fd, read_buffer, READ_SIZE, 0);
    if (got > 0)
        conn->data(conn, read_buffer, (size_t)got, now_ns());
    else if (got == 0)
        conn_close(conn, "closed by the server");
    else if (errno != EAGAIN && errno != EINTR)
        conn_close(conn, strerror(errno));
}

static void ready(struct source *source, uint32_t events)
{
    struct conn *conn = (struct conn *)source;
    if (!conn->connected) {
        connected(conn);
        return;
    }
    if ((events & EPOLLOUT) && conn->out.length > 0) {
        flush(conn);
    } else if ((events & EPOLLOUT) && conn->wants_write) {
        conn->wants_write = false;
        watch(conn);
        conn->writable(conn);
    }
    if (conn->source.fd >= 0 && conn->paused && (events & (EPOLLHUP | EPOLLERR)))
        conn_close(conn, "closed by the server");
    else if (conn->source.fd >= 0 && (events & ~(uint32_t)EPOLLOUT))
        receive(conn);
}

void conn_accept(struct conn *conn, int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    conn->source.fd = fd;
    conn->source.ready = ready;
    conn->connected = true;
    loop_add(&conn->source, EPOLLIN);
}

void conn_want_write(struct conn *conn)
{
    conn->wants_write = true;
    watch(conn);
}

void conn_open(struct conn *conn, const struct url *url)
{
    conn->connected = false;
    conn->source.ready = ready;
    conn->source.fd = socket(url->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (conn->source.fd < 0) {
        conn->closed(conn, strerror(errno));
        return;
    }
    int on = 1;
    setsockopt(conn->source.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    loop_add(&conn->source, EPOLLOUT);
    if (connect(conn->source.fd, (const struct sockaddr *)&url->address, url->address_length) != 0
        && errno != EINPROGRESS)
        conn_close(conn, strerror(errno));
}

void conn_send(struct conn *conn, const void *data, size_t length)
{
    if (conn->source.fd < 0)
        return;
    ssize_t sent = 0;
    if (conn->out.length == 0) {
        sent = send(conn->source.fd, data, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) {
            conn_close(conn, strerror(errno));
            return;
        }
        if (sent == (ssize_t)length)
            return;
        sent = sent < 0 ? 0 : sent;
    }
    buffer_add(&conn->out, (const uint8_t *)data + sent, length - (size_t)sent);
    watch(conn);
}

size_t conn_backlog(const struct conn *conn)
{
    return conn->out.length;
}

void conn_pause(struct conn *conn)
{
    conn->paused = true;
    if (conn->source.fd >= 0)
        watch(conn);
}

void conn_gather(struct conn *conn, int bytes)
{
    if (conn->source.fd >= 0)
        setsockopt(conn->source.fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes);
}
