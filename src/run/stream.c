/* The pipes between the executor and a program. Our ends never block. What comes out of a box is data: it is
 * counted against its bound and handed on, nothing here reads a meaning into it but the harness's first line.
 */
#include "run/execute.h"

#include <errno.h>
#include <fcntl.h>

enum {
    CHUNK = 32 << 10,
    STDIN_BUFFER = 256 << 10,
    DRAIN_MOST = 4 << 20, /* a pipe holds 64 KiB; more means that someone still writes */
};

static const char ready_line[] = "ready\n";

/* ---- writing ---- */

static void on_feed(evutil_socket_t fd, short what, void *context);

void feed_take(struct run *run, struct feed *feed, int fd)
{
    feed_close(feed);
    feed->fd = fd;
    event_assign(&feed->event, run->env->loop, fd, EV_WRITE, on_feed, run);
}

int feed_open(struct run *run, struct feed *feed, int *child_end, struct error *err)
{
    int fd = -1, r = pipe_open(false, &fd, child_end, err);
    if (r == 0)
        feed_take(run, feed, fd);
    return r;
}

void feed_close(struct feed *feed)
{
    run_unwatch(&feed->event);
    close_fd(&feed->fd);
}

void feed_go(struct run *run, struct feed *feed)
{
    if (feed->fd < 0)
        return;
    while (evbuffer_get_length(feed->pending) > 0) {
        errno = 0;
        if (evbuffer_write(feed->pending, feed->fd) > 0)
            continue;
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN) { /* EPIPE: the program closed it; it does not want the rest */
            evbuffer_drain(feed->pending, evbuffer_get_length(feed->pending));
            feed_close(feed);
            if (feed == &run->order)
                link_drained(run);
            return;
        }
        if (event_add(&feed->event, NULL) < 0)
            run_fault(run, ENOMEM, "watch a pipe");
        return;
    }
    if (feed->close_when_empty)
        feed_close(feed);
    else if (feed == &run->order)
        link_drained(run);
}

static void on_feed(evutil_socket_t fd, short what, void *context)
{
    (void)what;
    struct run *run = context;
    feed_go(run, fd == run->input.fd ? &run->input : &run->order);
}

int run_stdin(struct run *run, const void *data, size_t size, bool eof)
{
    struct feed *feed = &run->input;
    bool opened = run->phase >= PHASE_START; /* before that, it is kept for the program to come */
    if (!run->interactive || feed->close_when_empty || run->phase >= PHASE_KILL || (opened && feed->fd < 0))
        return -EPIPE;
    size_t held = evbuffer_get_length(feed->pending);
    if (size > 0 && held + size > STDIN_BUFFER)
        return -EAGAIN;
    if (size > 0 && evbuffer_add(feed->pending, data, size) < 0)
        return -ENOMEM;
    feed->close_when_empty = eof;
    if (opened)
        feed_go(run, feed);
    return 0;
}

/* ---- reading ---- */

void stream_skip_ready(struct run *run)
{
    run->ready_bytes = strlen(ready_line);
}

static void on_stream(evutil_socket_t fd, short what, void *context);

static bool report_is_full(const struct run *run)
{
    return run->linked ? run->link_full : run->report_bytes >= RUN_REPORT_BYTES_MOST;
}

int stream_take(struct run *run, enum run_stream kind, int fd, struct error *err)
{
    struct stream *stream = &run->streams[kind];
    stream->fd = fd;
    event_assign(&stream->event, run->env->loop, fd, EV_READ | EV_PERSIST, on_stream, stream);
    if (!run->paused && event_add(&stream->event, NULL) < 0)
        return error_set(err, ENOMEM, "watch a pipe: %m");
    return 0;
}

int stream_open(struct run *run, enum run_stream kind, int *child_end, struct error *err)
{
    int fd = -1, r = pipe_open(true, &fd, child_end, err);
    return r < 0 ? r : stream_take(run, kind, fd, err);
}

void stream_close(struct stream *stream)
{
    run_unwatch(&stream->event);
    close_fd(&stream->fd);
}

void streams_watch(struct run *run, bool on)
{
    for (size_t i = 0; i < STREAM_COUNT; i++) {
        struct stream *stream = &run->streams[i];
        if (stream->fd < 0)
            continue;
        if (!on)
            event_del(&stream->event);
        else if (!(i == RUN_REPORT && report_is_full(run)) && event_add(&stream->event, NULL) < 0)
            run_fault(run, ENOMEM, "watch a pipe");
    }
}

void run_pause_output(struct run *run, bool paused)
{
    if (run->paused == paused || run->phase >= PHASE_KILL)
        return;
    run->paused = paused;
    streams_watch(run, !paused);
}

/* A clone says nothing before it has its order; one that does is none of ours any more. */
static bool too_early(struct run *run)
{
    if (!run->warm || run->phase != PHASE_FILES)
        return false;
    run_fault(run, EPROTO, "%s: a clone wrote before it had its order", run->language->name);
    return true;
}

/* Passes on what is within the bound of both streams together. */
static void take_output(struct run *run, struct stream *stream, const uint8_t *data, size_t n)
{
    uint64_t room = run->limits.output_bytes - run->output_bytes;
    size_t taken = n < room ? n : (size_t)room;
    run->output_bytes += taken;
    if (taken > 0)
        run->callbacks.output(run->context, stream->kind, data, taken);
    if (taken < n) {
        stream->truncated = true;
        run_finish(run, REASON_OUTPUT);
    }
}

static void take_report(struct run *run, const uint8_t *data, size_t n)
{
    size_t wanted = strlen(ready_line) - run->ready_bytes;
    if (wanted > 0) {
        size_t taken = n < wanted ? n : wanted;
        if (memcmp(data, ready_line + run->ready_bytes, taken) != 0) {
            run_fault(run, EPROTO, "%s: the runtime did not report that it is ready", run->language->name);
            return;
        }
        run->ready_bytes += taken;
        data += taken;
        n -= taken;
        if (taken == wanted)
            run_harness_ready(run);
    }
    if (run->linked) {
        link_give(run, data, n);
        return;
    }
    uint64_t room = RUN_REPORT_BYTES_MOST - run->report_bytes;
    size_t kept = n < room ? n : (size_t)room;
    run->report_bytes += kept;
    if (kept > 0)
        run->callbacks.output(run->context, RUN_REPORT, data, kept);
    if (report_is_full(run)) /* the writer blocks from here on; the rest is drained when it is dead */
        run_unwatch(&run->streams[RUN_REPORT].event);
}

/* One read. Returns the count, 0 at the end (the stream is closed then), -EAGAIN when nothing is there. */
static ssize_t stream_read(struct stream *stream)
{
    struct run *run = stream->run;
    uint8_t data[CHUNK];
    ssize_t n = read(stream->fd, data, sizeof data);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return -EAGAIN;
    if (n <= 0) {
        stream_close(stream);
        return 0;
    }
    if (too_early(run))
        return n;
    if (stream->kind == RUN_REPORT)
        take_report(run, data, (size_t)n);
    else
        take_output(run, stream, data, (size_t)n);
    return n;
}

static void on_stream(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct stream *stream = context;
    if (stream_read(stream) == 0)
        run_try_end(stream->run); /* it may have been the last that was waited for */
}

bool streams_drain(struct run *run)
{
    bool all = true;
    for (size_t i = 0; i < STREAM_COUNT; i++) {
        struct stream *stream = &run->streams[i];
        size_t most = DRAIN_MOST;
        while (stream->fd >= 0 && most > 0) {
            ssize_t n = stream_read(stream);
            if (n < 0)
                break;
            most -= (size_t)n < most ? (size_t)n : most;
        }
        all &= stream->fd < 0;
    }
    return all;
}
