/* The events of a run: written down once, sent to any number of streams, each at its own pace. A stream's
 * client that is slow costs nothing but its own buffer: the output is kept here anyway, up to the run's own
 * limit. */
#include "api/internal.h"

#include <stdio.h>

struct stream {
    struct api_run *run;
    struct http_request *request;
    size_t next;
    TAILQ_ENTRY(stream) link;
};

/* ---- writing down ---- */

size_t whole_characters(const uint8_t *data, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        uint8_t c = data[n - back];
        if ((c & 0xc0) == 0x80)
            continue;
        size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
        return length > back ? n - back : n;
    }
    return n;
}

static struct run_event *event_add_new(struct api_run *run)
{
    if (run->event_count == run->event_room) {
        size_t room = run->event_room ? 2 * run->event_room : 8;
        struct run_event *more = realloc(run->events, room * sizeof *more);
        if (!more)
            return NULL;
        run->events = more;
        run->event_room = room;
    }
    struct run_event *event = &run->events[run->event_count++];
    *event = (struct run_event){0};
    return event;
}

/* The last event, when it is of this kind and nobody has seen it yet, so that it may still change. */
static struct run_event *last_unseen(struct api_run *run, enum event_kind kind)
{
    if (run->event_count == 0 || run->event_count <= run->delivered)
        return NULL;
    struct run_event *last = &run->events[run->event_count - 1];
    return last->kind == kind ? last : NULL;
}

/* How many of the `n` bytes at `data` go into an event that has room for `most`: whole characters, if it can
 * be. */
static size_t piece_size(const struct api_run *run, const uint8_t *data, size_t n, size_t most)
{
    if (n <= most)
        return n;
    return run->base64 ? most : whole_characters(data, most);
}

static void tell_output(struct api_run *run, enum event_kind kind, const struct bytes *b, size_t *told,
                        size_t end)
{
    struct run_event *event = last_unseen(run, kind);
    while (*told < end) {
        size_t room = event ? EVENT_BYTES_MOST - event->size : 0;
        size_t n = piece_size(run, b->data + *told, end - *told, room);
        if (n == 0) {
            event = event_add_new(run);
            if (!event)
                return;
            event->kind = kind;
            event->offset = *told;
            continue;
        }
        event->size += n;
        *told += n;
    }
}

/* ---- sending ---- */

static char *dump_and_release(json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    json_decref(json);
    return text;
}

static char *output_data(const struct api_run *run, const struct run_event *event)
{
    const struct bytes *b = event->kind == EVENT_STDOUT ? &run->out : &run->err;
    size_t n = 0;
    cleanup_free char *text = run->base64 ? base64_encode(b->data + event->offset, event->size)
                                          : utf8_replace(b->data + event->offset, event->size, &n);
    if (run->base64 && text)
        n = strlen(text);
    return text ? dump_and_release(json_stringn(text, n)) : NULL;
}

static char *event_data(const struct api_run *run, const struct run_event *event)
{
    switch (event->kind) {
    case EVENT_QUEUED:
        return dump_and_release(
            json_pack("{s:s,s:I}", "status", "queued", "place", (json_int_t)event->place));
    case EVENT_RUNNING:
        return dump_and_release(json_pack("{s:s}", "status", "running"));
    case EVENT_STDOUT:
    case EVENT_STDERR:
        return output_data(run, event);
    case EVENT_RESULT:
        return run->failed ? dump_and_release(problem_json(&run->problem)) : strdup(run->answer);
    }
    return NULL;
}

static const char *event_name(const struct api_run *run, enum event_kind kind)
{
    static const char *const names[] = {"status", "status", "stdout", "stderr", "result"};
    return kind == EVENT_RESULT && run->failed ? "problem" : names[kind];
}

static void stream_free(struct stream *stream)
{
    struct api_run *run = stream->run;
    TAILQ_REMOVE(&run->streams, stream, link);
    free(stream);
    run_release(run);
}

/* Sends what there is and fits; ends the stream after the last event. True when it has ended. */
static bool pump(struct stream *stream)
{
    struct api_run *run = stream->run;
    while (stream->next < run->event_count && http_stream_has_room(stream->request)) {
        const struct run_event *event = &run->events[stream->next++];
        if (run->delivered < stream->next)
            run->delivered = stream->next;
        cleanup_free char *data = event_data(run, event);
        if (data)
            http_stream_event(stream->request, event_name(run, event->kind), stream->next, data);
    }
    if (!run->told_all || stream->next < run->event_count)
        return false;
    http_stream_end(stream->request);
    stream_free(stream);
    return true;
}

static void on_drained(void *context)
{
    pump(context);
}

static void on_gone(void *context)
{
    stream_free(context);
}

static void pump_all(struct api_run *run)
{
    struct stream *next;
    run_hold(run);
    for (struct stream *stream = TAILQ_FIRST(&run->streams); stream; stream = next) {
        next = TAILQ_NEXT(stream, link);
        pump(stream);
    }
    run_release(run);
}

void events_stream(struct api_run *run, struct http_request *request)
{
    struct stream *stream = calloc(1, sizeof *stream);
    uint64_t last = 0;
    const char *id = http_header(request, "last-event-id");
    if (!stream) {
        http_reply_problem(request, &(struct problem){.type = PROBLEM_internal});
        return;
    }
    if (id && parse_u64(id, &last) < 0)
        last = 0;
    *stream = (struct stream){.run = run, .request = request};
    stream->next = last < run->event_count ? (size_t)last : run->event_count;
    if (!http_stream_begin(request, on_drained, stream)) {
        free(stream);
        return;
    }
    http_on_gone(request, on_gone, stream);
    TAILQ_INSERT_TAIL(&run->streams, stream, link);
    run_hold(run);
    pump(stream);
}

/* ---- what happens ---- */

void events_queued(struct api_run *run, uint32_t place)
{
    struct run_event *event = last_unseen(run, EVENT_QUEUED);
    if (!event && !(event = event_add_new(run)))
        return;
    event->kind = EVENT_QUEUED;
    event->place = place;
    pump_all(run);
}

void events_running(struct api_run *run)
{
    struct run_event *event = event_add_new(run);
    if (event)
        event->kind = EVENT_RUNNING;
    pump_all(run);
}

static size_t tellable(const struct api_run *run, const struct bytes *b, bool all)
{
    return all || run->base64 ? b->size : whole_characters(b->data, b->size);
}

void events_output(struct api_run *run, bool all)
{
    if (run->event_count >= EVENTS_MOST &&
        !all) /* a program that writes byte by byte: the rest comes at the end */
        return;
    tell_output(run, EVENT_STDOUT, &run->out, &run->out_told, tellable(run, &run->out, all));
    tell_output(run, EVENT_STDERR, &run->err, &run->err_told, tellable(run, &run->err, all));
    pump_all(run);
}

void events_ended(struct api_run *run)
{
    events_output(run, true);
    struct run_event *event = event_add_new(run);
    if (event)
        event->kind = EVENT_RESULT;
    run->told_all = true;
    pump_all(run);
}
