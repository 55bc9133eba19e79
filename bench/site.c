/* What readers of the site see: pages under many requests, and code that runs while many type.
 *
 * Each visitor calls at set times, whatever became of the calls before, and an answer's time counts from when
 * its call was due: a server that falls behind does not look faster for it. */
#include "bench.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum {
    PAGE_VISITORS = 8,
    PAGES_A_SECOND = 500,
    PATHS_MOST = 64,
    TYPISTS = 50,
    TYPING_MS = 500, /* from one pause in typing to the next */
    PRESSING_MS = 250,
    SITE_SECONDS_MOST = 600,
};

struct call {
    const char *method, *path, *body; /* body: NULL for none */
};
struct visitor {
    pthread_t thread;
    int port;
    uint64_t first_ns, step_ns;
    size_t count;
    const struct call *calls; /* taken in turn, from `first_call` on */
    size_t call_count, first_call;
    char cookies[2][64]; /* headers, in turn; the second may be empty */
    double *wall_ns;
    int r;
    struct error err;
};

static void sleep_until(uint64_t at_ns)
{
    const struct timespec at = {.tv_sec = (time_t)(at_ns / 1000000000),
                                .tv_nsec = (long)(at_ns % 1000000000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        continue;
}

static void *visit(void *context)
{
    struct visitor *v = context;
    struct client *client = NULL;
    const char *answer;
    v->r = client_open(&client, v->port, &v->err);
    for (size_t i = 0; v->r == 0 && i < v->count; i++) {
        const struct call *call = &v->calls[(v->first_call + i) % v->call_count];
        uint64_t due = v->first_ns + i * v->step_ns;
        sleep_until(due);
        int code =
            client_call(client, call->method, call->path, v->cookies[i % 2], call->body, &answer, &v->err);
        v->wall_ns[i] = (double)(clock_now_ns() - due);
        if (code != 200)
            v->r = code < 0 ? code : error_set(&v->err, EPROTO, "%s: %d %.200s", call->path, code, answer);
    }
    client_close(&client);
    return NULL;
}

static int visit_all(struct visitor *visitors, size_t count, struct error *err)
{
    int r = 0;
    size_t started = 0;
    for (; r == 0 && started < count; started++)
        if (pthread_create(&visitors[started].thread, NULL, visit, &visitors[started]) != 0)
            r = error_set(err, EAGAIN, "start a thread");
    for (size_t i = 0; i < started - (r < 0); i++) {
        pthread_join(visitors[i].thread, NULL);
        if (visitors[i].r < 0) {
            *err = visitors[i].err;
            r = visitors[i].r;
        }
    }
    return r;
}

/* All samples of these visitors in one list. */
static int gather(const struct visitor *visitors, size_t count, struct samples *to, struct error *err)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += visitors[i].count;
    *to = (struct samples){.ns = calloc(total, sizeof(double))};
    if (!to->ns)
        return error_set(err, ENOMEM, "samples");
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < visitors[i].count; k++)
            to->ns[to->count++] = visitors[i].wall_ns[k];
    return 0;
}

static void visitors_free(struct visitor *visitors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(visitors[i].wall_ns);
}

/* A browser's own cookie, as the server makes them. */
static void make_cookie(char header[static 64])
{
    char id[33];
    random_hex(16, id);
    snprintf(header, 64, "Cookie: phial_learner=%s\r\n", id);
}

/* ---- pages ---- */

struct book { /* the pages that are asked for */
    char paths[PATHS_MOST][128];
    struct call calls[PATHS_MOST];
    size_t count;
    char exercise[256];
};

static void book_add(struct book *book, const char *path, size_t n)
{
    if (book->count == PATHS_MOST || n >= sizeof book->paths[0])
        return;
    snprintf(book->paths[book->count], sizeof book->paths[0], "%.*s", (int)n, path);
    book->calls[book->count] = (struct call){"GET", book->paths[book->count], NULL};
    book->count++;
}

/* The first page, and each lesson that it names; one exercise of theirs. */
static int read_book(struct client *client, struct book *book, struct error *err)
{
    static const char link[] = "<li><a href=\"", mark[] = "data-exercise=\"";
    const char *answer;
    int code = client_call(client, "GET", "/", "", NULL, &answer, err);
    if (code != 200)
        return code < 0 ? code : error_set(err, EPROTO, "/: %d", code);
    book_add(book, "/", 1);
    for (const char *at = answer; (at = strstr(at, link));) {
        at += sizeof link - 1;
        if (!strncmp(at, "/learn/", 7))
            book_add(book, at, strcspn(at, "\""));
    }
    if (book->count < 2)
        return error_set(err, ENOENT,
                         "the first page names no lesson: is there a folder 'courses' beside --languages?");
    for (size_t i = 1; i < book->count && !*book->exercise; i++) {
        code = client_call(client, "GET", book->paths[i], "", NULL, &answer, err);
        const char *found = code == 200 ? strstr(answer, mark) : NULL;
        if (found) {
            found += sizeof mark - 1;
            snprintf(book->exercise, sizeof book->exercise, "%.*s", (int)strcspn(found, "\""), found);
        }
    }
    return *book->exercise ? 0 : error_set(err, ENOENT, "no lesson has an exercise");
}

/* A learner of whom something is kept, so that pages hold something of his own. */
static int make_learner(struct client *client, const struct book *book, char header[static 64],
                        struct error *err)
{
    char body[320];
    const char *answer;
    make_cookie(header);
    snprintf(body, sizeof body, "{\"exercise\":\"%s\"}", book->exercise);
    int code = client_call(client, "POST", "/site/hint", header, body, &answer, err);
    return code == 200 || code < 0 ? (code < 0 ? code : 0)
                                   : error_set(err, EPROTO, "/site/hint: %d %.200s", code, answer);
}

static int measure_pages(struct bench *b, unsigned seconds, struct site_figures *found, struct error *err)
{
    static struct book book;
    struct visitor visitors[PAGE_VISITORS] = {0};
    struct cpu_time before, after;
    uint64_t step = UINT64_C(1000000000) / PAGES_A_SECOND;
    int r = read_book(server_client(b->warm), &book, err);
    uint64_t start = clock_now_ns() + 100000000;
    for (size_t i = 0; r == 0 && i < PAGE_VISITORS; i++) {
        struct visitor *v = &visitors[i];
        *v = (struct visitor){.port = server_port(b->warm),
                              .first_ns = start + i * step,
                              .step_ns = PAGE_VISITORS * step,
                              .count = (size_t)seconds * PAGES_A_SECOND / PAGE_VISITORS,
                              .calls = book.calls,
                              .call_count = book.count,
                              .first_call = i * book.count / PAGE_VISITORS};
        v->wall_ns = calloc(v->count, sizeof(double));
        r = v->wall_ns ? make_learner(server_client(b->warm), &book, v->cookies[0], err)
                       : error_set(err, ENOMEM, "samples");
    }
    if (r == 0 && machine_cpu(&before) < 0)
        r = error_set(err, EIO, "read the machine's CPU time");
    if (r == 0)
        r = visit_all(visitors, PAGE_VISITORS, err);
    if (r == 0 && machine_cpu(&after) < 0)
        r = error_set(err, EIO, "read the machine's CPU time");
    if (r == 0)
        r = gather(visitors, PAGE_VISITORS, &found->pages, err);
    if (r == 0)
        found->page_own_ns = (double)(after.own_ns - before.own_ns) / (double)found->pages.count;
    visitors_free(visitors, PAGE_VISITORS);
    return r;
}

/* ---- typing ---- */

static const struct call live_calls[] = {
    {"POST", "/site/live", "{\"language\":\"elixir\",\"code\":\"list = [3, 1, 2]\\nEnum.sort(list)\\n\"}"},
    {"POST", "/site/live",
     "{\"language\":\"elixir\",\"code\":\"defmodule A do\\n  def double(x), do: 2 * "
     "x\\nend\\nA.double(21)\\n\"}"},
    {"POST", "/site/live",
     "{\"language\":\"elixir\",\"code\":\"name = \\\"Ada\\\"\\nIO.puts(\\\"Hello \\\" <> name\\n\"}"},
};
static const struct call button_calls[] = {
    {"POST", "/api/v1/runs", "{\"language\":\"elixir\",\"files\":[{\"content\":\"IO.puts(1 + 1)\"}]}"}};

/* Fifty who type, and one who presses the button meanwhile. */
static int measure_typing(struct bench *b, unsigned seconds, struct site_figures *found, struct error *err)
{
    static struct visitor visitors[TYPISTS + 1];
    uint64_t start = clock_now_ns() + 100000000, step = TYPING_MS * UINT64_C(1000000);
    int r = 0;
    for (size_t i = 0; r == 0 && i <= TYPISTS; i++) {
        struct visitor *v = &visitors[i];
        bool typist = i < TYPISTS;
        *v = (struct visitor){.port = server_port(b->warm),
                              .first_ns = start + i * step / TYPISTS,
                              .step_ns = typist ? step : PRESSING_MS * UINT64_C(1000000),
                              .count = (size_t)seconds * 1000 / (typist ? TYPING_MS : PRESSING_MS),
                              .calls = typist ? live_calls : button_calls,
                              .call_count = typist ? array_length(live_calls) : array_length(button_calls),
                              .first_call = i};
        make_cookie(v->cookies[0]);
        memcpy(v->cookies[1], v->cookies[0], sizeof v->cookies[1]);
        v->wall_ns = calloc(v->count, sizeof(double));
        r = v->wall_ns ? 0 : error_set(err, ENOMEM, "samples");
    }
    if (r == 0)
        r = visit_all(visitors, TYPISTS + 1, err);
    if (r == 0)
        r = gather(visitors, TYPISTS, &found->live, err);
    if (r == 0)
        r = gather(visitors + TYPISTS, 1, &found->pressed, err);
    visitors_free(visitors, TYPISTS + 1);
    return r;
}

int measure_site(struct bench *b, unsigned seconds, struct site_figures *found, struct error *err)
{
    if (seconds > SITE_SECONDS_MOST)
        seconds = SITE_SECONDS_MOST;
    int r = warm_start(b, err);
    if (r >= 0)
        r = measure_pages(b, seconds, found, err);
    if (r >= 0)
        r = measure_typing(b, seconds, found, err);
    server_stop(&b->warm);
    return r;
}

/* ---- what it comes to ---- */

struct row {
    const char *key, *what;
    const struct samples *samples;
    double must_ms; /* at the 95th percentile; 0: nothing is asked */
};
enum { ROWS = 3 };

static void make_rows(const struct site_figures *s, struct row rows[static ROWS])
{
    const struct row made[ROWS] = {
        {"pages", "a page, 500 requests a second", &s->pages, 5},
        {"live", "code as it is typed, 50 learners, 100 runs a second", &s->live, 100},
        {"pressed", "a run by the button meanwhile", &s->pressed, 100},
    };
    memcpy(rows, made, sizeof made);
}

void site_print(FILE *out, const struct site_figures *s)
{
    struct row rows[ROWS];
    make_rows(s, rows);
    fprintf(out,
            "\nThe site, from when a call is due to its answer\n\n%-54s %7s %7s %7s %7s   must (95 %%)\n",
            "milliseconds", "median", "95 %", "99 %", "most");
    for (size_t i = 0; i < ROWS; i++) {
        const struct samples *v = rows[i].samples;
        double p95 = statistics_percentile(v->ns, v->count, 95) / 1e6;
        fprintf(out, "%-54s %7.2f %7.2f %7.2f %7.2f   %.0f: %s\n", rows[i].what,
                statistics_percentile(v->ns, v->count, 50) / 1e6, p95,
                statistics_percentile(v->ns, v->count, 99) / 1e6,
                statistics_percentile(v->ns, v->count, 100) / 1e6, rows[i].must_ms,
                p95 <= rows[i].must_ms ? "met" : "NOT met");
    }
    fprintf(out, "a page takes %.3f ms of CPU of what the bench started\n", s->page_own_ns / 1e6);
}

json_t *site_json(const struct site_figures *s)
{
    struct row rows[ROWS];
    json_t *all = json_pack("{s:f}", "page_cpu_ms", s->page_own_ns / 1e6);
    make_rows(s, rows);
    for (size_t i = 0; i < ROWS; i++) {
        const struct samples *v = rows[i].samples;
        json_object_set_new(all, rows[i].key,
                            json_pack("{s:i, s:f, s:f, s:f, s:f}", "count", (int)v->count, "ms_median",
                                      statistics_percentile(v->ns, v->count, 50) / 1e6, "ms_95",
                                      statistics_percentile(v->ns, v->count, 95) / 1e6, "ms_99",
                                      statistics_percentile(v->ns, v->count, 99) / 1e6, "must_ms_95",
                                      rows[i].must_ms));
    }
    return all;
}
