/* What a user of warm templates sees: the time of one run, of many at once, the memory of sleeping ones. */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>

enum { CLIENTS = 8, SAMPLES_MOST = 1 << 20, SETTLE_US = 2000000, POLL_US = 200000, ALIVE_S = 180 };

#define ONE_FILE(language, content)                                                                          \
    "{\"language\":\"" language "\",\"files\":[{\"content\":\"" content "\"}]}"

#define ROMAN                                                                                                \
    "defmodule Roman do\\n"                                                                                  \
    "  @digits [{10, \\\"X\\\"}, {9, \\\"IX\\\"}, {5, \\\"V\\\"}, {4, \\\"IV\\\"}, {1, \\\"I\\\"}]\\n"       \
    "  def of(0), do: \\\"\\\"\\n"                                                                           \
    "  def of(n) do\\n"                                                                                      \
    "    {value, text} = Enum.find(@digits, fn {value, _} -> value <= n end)\\n"                             \
    "    text <> of(n - value)\\n"                                                                           \
    "  end\\n"                                                                                               \
    "end\\n"
#define ROMAN_TEST                                                                                           \
    "defmodule RomanTest do\\n"                                                                              \
    "  use ExUnit.Case\\n"                                                                                   \
    "  for {n, text} <- [{1, \\\"I\\\"}, {2, \\\"II\\\"}, {3, \\\"III\\\"}, {4, \\\"IV\\\"}, {5, "           \
    "\\\"V\\\"},\\n"                                                                                         \
    "                    {6, \\\"VI\\\"}, {8, \\\"VIII\\\"}, {9, \\\"IX\\\"}, {10, \\\"X\\\"}, {14, "        \
    "\\\"XIV\\\"}] do\\n"                                                                                    \
    "    test \\\"of #{n}\\\", do: assert(Roman.of(unquote(n)) == unquote(text))\\n"                         \
    "  end\\n"                                                                                               \
    "end\\n"

static const struct question elixir = {ONE_FILE("elixir", "IO.puts(1 + 1)"), "2\n"};
static const struct question python = {ONE_FILE("python", "print(1 + 1)"), "2\n"};
static const struct question javascript = {ONE_FILE("javascript", "console.log(1 + 1)"), "2\n"};
static const struct question exunit = {ONE_FILE("elixir", "ExUnit.start()\\n" ROMAN ROMAN_TEST),
                                       "10 tests, 0 failures"};

#define ASKING(name, question)                                                                               \
    int run_##name##_warm(struct bench *b, struct error *err)                                                \
    {                                                                                                        \
        return server_ask(b->warm, &question, true, err);                                                    \
    }                                                                                                        \
    int run_##name##_cold(struct bench *b, struct error *err)                                                \
    {                                                                                                        \
        return server_ask(b->cold, &question, false, err);                                                   \
    }
ASKING(elixir, elixir)
ASKING(exunit, exunit)
ASKING(python, python)
ASKING(javascript, javascript)

/* The same tests as an exercise. */
static const char grading[] =
    "{\"language\":\"elixir\",\"files\":[{\"name\":\"roman.ex\",\"content\":\"" ROMAN
    "\"}],\"tests\":[{\"name\":\"roman_test.exs\",\"content\":\"" ROMAN_TEST "\"}]}";

int run_grade_warm(struct bench *b, struct error *err)
{
    return server_grade(b->warm, grading, true, err);
}

int run_grade_cold(struct bench *b, struct error *err)
{
    return server_grade(b->cold, grading, false, err);
}

int warm_start(struct bench *b, struct error *err)
{
    return server_start(b, &b->warm, "warm", (const char *[]){NULL}, err);
}

int cold_start(struct bench *b, struct error *err)
{
    return server_start(b, &b->cold, "cold", (const char *[]){"templates=false", NULL}, err);
}

int measure_ready(struct bench *b, struct ready_times *ready, struct error *err)
{
    for (size_t i = 0; i < array_length(ready->ns); i++) {
        struct server *s = NULL;
        int r = server_start(b, &s, "ready", (const char *[]){NULL}, err);
        if (r >= 0)
            ready->ns[i] = server_ready_ns(s);
        server_stop(&s);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- many at once ---- */

struct caller {
    pthread_t thread;
    int port;
    uint64_t until_ns;
    double *wall_ns;
    size_t count;
    int r;
    struct error err;
};

static void *call_until(void *context)
{
    struct caller *c = context;
    struct client *client = NULL;
    c->r = client_open(&client, c->port, &c->err);
    while (c->r == 0 && c->count < SAMPLES_MOST) {
        uint64_t start = clock_now_ns();
        if (start >= c->until_ns)
            break;
        c->r = ask(client, &elixir, true, &c->err);
        c->wall_ns[c->count++] = (double)(clock_now_ns() - start);
    }
    client_close(&client);
    return NULL;
}

static int call_all(struct caller *callers, struct error *err)
{
    int r = 0;
    for (size_t i = 0; i < CLIENTS; i++)
        if (pthread_create(&callers[i].thread, NULL, call_until, &callers[i]) != 0)
            return error_set(err, EAGAIN, "start a thread");
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(callers[i].thread, NULL);
        if (callers[i].r < 0) {
            *err = callers[i].err;
            r = callers[i].r;
        }
    }
    return r;
}

int measure_load(struct bench *b, unsigned seconds, struct load *load, struct error *err)
{
    struct caller callers[CLIENTS] = {0};
    struct cpu_time before, after;
    load->wall_ns = calloc(SAMPLES_MOST, sizeof *load->wall_ns);
    for (size_t i = 0; i < CLIENTS; i++) {
        callers[i].port = server_port(b->warm);
        callers[i].wall_ns = calloc(SAMPLES_MOST, sizeof(double));
        if (!load->wall_ns || !callers[i].wall_ns)
            return error_set(err, ENOMEM, "samples");
    }
    double idle = 0;
    int r = machine_idle(&idle, err);
    uint64_t start = clock_now_ns();
    for (size_t i = 0; i < CLIENTS; i++)
        callers[i].until_ns = start + seconds * UINT64_C(1000000000);
    if (r == 0 && machine_cpu(&before) < 0)
        r = error_set(err, EIO, "read the machine's CPU time");
    if (r == 0)
        r = call_all(callers, err);
    double elapsed = (double)(clock_now_ns() - start);
    if (r == 0 && machine_cpu(&after) < 0)
        r = error_set(err, EIO, "read the machine's CPU time");
    for (size_t i = 0; i < CLIENTS; i++) {
        for (size_t k = 0; k < callers[i].count && load->count < SAMPLES_MOST; k++)
            load->wall_ns[load->count++] = callers[i].wall_ns[k];
        free(callers[i].wall_ns);
    }
    if (r < 0)
        return r;
    load->a_second = (double)load->count * 1e9 / elapsed;
    load->machine_ns =
        ((double)(after.machine_ns - before.machine_ns) - idle * elapsed) / (double)load->count;
    load->own_ns = (double)(after.own_ns - before.own_ns) / (double)load->count;
    return 0;
}

/* Medians of the last clones of Elixir, as the server has measured them. */
int measure_parts(struct bench *b, struct clone_parts *parts, struct error *err)
{
    const struct {
        const char *line;
        double *value;
    } rows[] = {{"phial_clone_seconds{language=\"elixir\",part=\"box\"}", &parts->box_ns},
                {"phial_clone_seconds{language=\"elixir\",part=\"clone\"}", &parts->clone_ns},
                {"phial_clone_seconds{language=\"elixir\",part=\"check\"}", &parts->check_ns}};
    for (size_t i = 0; i < array_length(rows); i++) {
        int r = server_metric(b->warm, rows[i].line, rows[i].value, err);
        if (r < 0)
            return r;
        *rows[i].value *= 1e9;
    }
    return 0;
}

/* ---- sleeping ones ---- */

/* What the machine could still give, in bytes: page tables, kernel stacks and slab are gone from it too. */
static int memory_available(double *bytes, struct error *err)
{
    cleanup_free char *text = NULL;
    size_t size;
    unsigned long long kib;
    int r = read_file_at(AT_FDCWD, "/proc/meminfo", 65536, &text, &size, err);
    const char *line = r < 0 ? NULL : strstr(text, "MemAvailable:");
    if (r < 0)
        return r;
    if (!line || sscanf(line, "MemAvailable: %llu kB", &kib) != 1)
        return error_set(err, EPROTO, "/proc/meminfo has no MemAvailable");
    *bytes = (double)kib * 1024;
    return 0;
}

/* How many of them have started and not ended. */
static int count_alive(struct server *s, char (*paths)[128], unsigned count, unsigned *alive,
                       struct error *err)
{
    *alive = 0;
    for (unsigned i = 0; i < count; i++) {
        const char *answer;
        int code = client_call(server_client(s), "GET", paths[i], "", NULL, &answer, err);
        if (code < 0)
            return code;
        json_t *state = json_loads(answer, 0, NULL);
        const char *status = json_string_value(json_object_get(state, "status"));
        *alive += status && strcmp(status, "running") == 0;
        json_decref(state);
    }
    return 0;
}

/* Until all are, or for so long. */
static int wait_alive(struct server *s, char (*paths)[128], unsigned count, unsigned *alive,
                      struct error *err)
{
    uint64_t start = clock_now_ns();
    int r;
    do {
        usleep(POLL_US);
        r = count_alive(s, paths, count, alive, err);
    } while (r == 0 && *alive < count && clock_now_ns() - start < ALIVE_S * UINT64_C(1000000000));
    return r;
}

static int start_sleepers(struct server *s, char (*paths)[128], unsigned count, struct error *err)
{
    static const char body[] =
        "{\"language\":\"elixir\",\"files\":[{\"content\":\"IO.puts(1 + 1)\\nProcess.sleep(:infinity)\"}],"
        "\"limits\":{\"wall_ms\":600000}}";
    for (unsigned i = 0; i < count; i++) {
        const char *answer;
        int code = client_call(server_client(s), "POST", "/api/v1/runs", "Prefer: respond-async\r\n", body,
                               &answer, err);
        if (code < 0)
            return code;
        json_t *state = json_loads(answer, 0, NULL);
        const char *id = json_string_value(json_object_get(state, "id"));
        if (code == 202 && id)
            snprintf(paths[i], sizeof paths[i], "/api/v1/runs/%s", id);
        json_decref(state);
        if (!paths[i][0])
            return error_set(err, EPROTO, "sleeping run %u: %d %.300s", i, code, answer);
    }
    return 0;
}

int measure_sleepers(struct bench *b, unsigned count, struct sleepers *found, struct error *err)
{
    struct server *s = NULL;
    char most[64], client_most[64], queue[64], client_queue[64];
    double before = 0, after = 0;
    unsigned alive = 0;
    snprintf(most, sizeof most, "running_most=%u", count + 8);
    snprintf(client_most, sizeof client_most, "client_running_most=%u", count + 8);
    snprintf(queue, sizeof queue, "queue_most=%u", count + 8);
    snprintf(client_queue, sizeof client_queue, "client_queue_most=%u", count + 8);
    const char *settings[] = {most,        client_most, queue, client_queue, "limit_wall_ms=600000",
                              "drain_s=0", NULL};
    char(*paths)[128] = calloc(count, sizeof *paths);
    int r = paths ? server_start(b, &s, "sleepers", settings, err) : error_set(err, ENOMEM, "addresses");
    if (r >= 0)
        r = server_ask(s, &elixir, true, err);
    usleep(SETTLE_US);
    if (r >= 0)
        r = memory_available(&before, err);
    if (r >= 0)
        r = start_sleepers(s, paths, count, err);
    if (r >= 0)
        r = wait_alive(s, paths, count, &alive, err);
    usleep(SETTLE_US);
    if (r >= 0)
        r = memory_available(&after, err);
    if (r >= 0)
        r = count_alive(s, paths, count, &alive, err);
    if (r >= 0)
        *found =
            (struct sleepers){.asked = count, .alive = alive, .bytes = alive ? (before - after) / alive : 0};
    server_stop(&s);
    free(paths);
    return r;
}
