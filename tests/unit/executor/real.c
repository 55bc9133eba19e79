#include "real.h"

#include "unit.h"

#include <event2/event.h>
#include <sys/stat.h>

static void on_lost(void *context)
{
    struct real *real = context;
    real->lost++;
}

static int spawn(struct real *real)
{
    struct error err = {0};
    int r = executor_spawn(&real->process, &real->settings, &err);
    if (r == 0)
        r = executor_wait_ready(&real->process, 60000, &err);
    if (r == 0)
        r = executor_client_connect(real->client, steal_fd(&real->process.client), &err);
    if (r < 0)
        print_error("%s\n", err.text);
    return r;
}

int real_start(struct real *real)
{
    struct error err = {0};
    *real = (struct real){.process = {.pidfd = -1, .control = -1, .client = -1, .lock = -1}};
    strcpy(real->run_dir, "/tmp/phial-test-XXXXXX");
    if (!mkdtemp(real->run_dir) || chmod(real->run_dir, 0755) < 0 || settings_init(&real->settings) < 0)
        return -1;
    char assignment[4200];
    snprintf(assignment, sizeof assignment, "languages_dir=%s/languages", getenv("PHIAL_SOURCE"));
    if (settings_set(&real->settings, assignment, &err) < 0)
        return -1;
    if (getenv("PHIAL_IMAGES")) {
        snprintf(assignment, sizeof assignment, "images_dir=%s", getenv("PHIAL_IMAGES"));
        if (settings_set(&real->settings, assignment, &err) < 0)
            return -1;
    }
    snprintf(assignment, sizeof assignment, "run_dir=%s", real->run_dir);
    if (settings_set(&real->settings, assignment, &err) < 0)
        return -1;
    real->loop = event_base_new();
    struct executor_client_options options = {.loop = real->loop,
                                              .running_most = 8,
                                              .queue_most = 64,
                                              .client_most = 8,
                                              .client_queue_most = 64,
                                              .lost = on_lost,
                                              .context = real};
    return executor_client_new(&real->client, &options) < 0 ? -1 : spawn(real);
}

int real_restart(struct real *real)
{
    executor_stop(&real->process);
    return spawn(real);
}

void real_stop(struct real *real)
{
    char command[128];
    executor_client_free(real->client);
    executor_stop(&real->process);
    event_base_free(real->loop);
    settings_free(&real->settings);
    snprintf(command, sizeof command, "rm -r '%s'", real->run_dir);
    assert_int_equal(system(command), 0);
}

/* ---- what is heard ---- */

static void on_queued(void *context, uint32_t place)
{
    struct heard *h = context;
    h->places++;
    h->place = place;
}

static void on_started(void *context)
{
    struct heard *h = context;
    assert_false(h->started);
    h->started = true;
}

static void on_output(void *context, enum run_stream stream, const void *data, size_t size)
{
    struct heard *h = context;
    uint8_t *more = realloc(h->bytes[stream], h->sizes[stream] + size + 1);
    assert_non_null(more);
    memcpy(more + h->sizes[stream], data, size);
    h->bytes[stream] = more;
    h->sizes[stream] += size;
    more[h->sizes[stream]] = 0;
}

static void on_ended(void *context, const struct run_result *result, const struct error *err)
{
    struct heard *h = context;
    assert_false(h->over);
    h->over = true;
    h->failed = !result;
    if (result)
        h->result = *result;
    else
        h->err = *err;
}

const struct ticket_callbacks heard_callbacks = {on_queued, on_started, on_output, on_ended};

void heard_expect(const struct heard *h, enum run_status status, int exit_code)
{
    assert_true(h->over);
    assert_false(h->failed);
    if (h->result.status != status)
        print_message("stdout: %.500s\nstderr: %.500s\n", TEXT(*h, RUN_STDOUT), TEXT(*h, RUN_STDERR));
    assert_string_equal(run_status_name(h->result.status), run_status_name(status));
    if (exit_code >= 0) {
        assert_false(h->result.signaled);
        assert_int_equal(h->result.code, exit_code);
    } else {
        assert_true(h->result.signaled);
        assert_int_equal(h->result.code, -exit_code);
    }
}

void heard_free(struct heard *h)
{
    for (size_t i = 0; i < array_length(h->bytes); i++)
        free(h->bytes[i]);
    *h = (struct heard){0};
}

/* ---- requests ---- */

void request_add_file(struct run_request *r, const char *name, const void *data, size_t size)
{
    r->files = realloc(r->files, (r->file_count + 1) * sizeof *r->files);
    struct run_file *file = &r->files[r->file_count++];
    *file = (struct run_file){.name = strdup(name), .data = malloc(size + 1), .size = size};
    if (size > 0)
        memcpy(file->data, data, size);
}

struct run_request request_of(const char *language, const char *name, const char *source)
{
    struct run_request r = {.language = strdup(language), .limits = limits_unset()};
    request_add_file(&r, name, source, strlen(source));
    return r;
}

int real_begin(struct real *real, struct heard *h, const char *who, struct run_request *r)
{
    struct error err = {0};
    *h = (struct heard){.real = real};
    int e = executor_client_run(real->client, who, r, &heard_callbacks, h, &h->ticket, &err);
    run_request_free(r);
    return e;
}

void real_wait(struct heard *h)
{
    while (!h->over)
        event_base_loop(h->real->loop, EVLOOP_ONCE);
}

void real_until(struct real *real, bool (*done)(void *context), void *context)
{
    while (!done(context))
        event_base_loop(real->loop, EVLOOP_ONCE);
}

void real_run(struct real *real, struct heard *h, struct run_request r)
{
    assert_int_equal(real_begin(real, h, "tester", &r), 0);
    real_wait(h);
    if (h->failed)
        print_message("failed: %s\n", h->err.text);
}

void real_source(struct real *real, struct heard *h, const char *language, const char *name,
                 const char *source)
{
    real_run(real, h, request_of(language, name, source));
}
