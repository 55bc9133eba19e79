#include "real.h"

#include "unit.h"

#include <dirent.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
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

static int set(struct real *real, const char *name, const char *value)
{
    char assignment[4300];
    struct error err;
    snprintf(assignment, sizeof assignment, "%s=%s", name, value);
    int r = settings_set(&real->settings, assignment, &err);
    if (r < 0)
        print_error("%s\n", err.text);
    return r;
}

const char *real_language;

static int write_language(const char *folder)
{
    char path[256];
    snprintf(path, sizeof path, "%s/talk", folder);
    if (mkdir(path, 0755) < 0)
        return -1;
    strcat(path, "/language.yaml");
    FILE *file = fopen(path, "we");
    if (!file)
        return -1;
    fputs(real_language, file);
    return fclose(file);
}

/* Only those that the tests use, so that no other template boots beside them. */
static int link_languages(const char *folder)
{
    static const char *const names[] = {"bash", "c", "python"};
    char from[4200], to[200];
    if (mkdir(folder, 0755) < 0)
        return -1;
    for (size_t i = 0; i < array_length(names); i++) {
        snprintf(from, sizeof from, "%s/languages/%s", getenv("PHIAL_SOURCE"), names[i]);
        snprintf(to, sizeof to, "%s/%s", folder, names[i]);
        if (symlink(from, to) < 0)
            return -1;
    }
    return real_language ? write_language(folder) : 0;
}

int real_start(struct real *real, const char *const *settings)
{
    struct error err = {0};
    char languages[128];
    *real = (struct real){.process = {.pidfd = -1, .control = -1, .client = -1, .lock = -1}};
    strcpy(real->run_dir, "/tmp/phial-test-XXXXXX");
    if (!mkdtemp(real->run_dir) || chmod(real->run_dir, 0755) < 0 || settings_init(&real->settings) < 0)
        return -1;
    snprintf(languages, sizeof languages, "%s/languages", real->run_dir);
    if (link_languages(languages) < 0 || set(real, "languages_dir", languages) < 0 ||
        set(real, "run_dir", real->run_dir) < 0 ||
        (getenv("PHIAL_IMAGES") && set(real, "images_dir", getenv("PHIAL_IMAGES")) < 0))
        return -1;
    for (; settings && *settings; settings++)
        if (settings_set(&real->settings, *settings, &err) < 0)
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

/* ---- what there is ---- */

const struct warm_facts *real_template(struct real *real, const char *language)
{
    struct executor_stats stats = executor_client_stats(real->client);
    for (size_t i = 0; i < stats.template_count; i++)
        if (!strcmp(stats.templates[i].language, language))
            return &stats.templates[i].facts;
    return NULL;
}

void real_until_warm(struct real *real, const char *language, uint64_t generations)
{
    for (;;) {
        const struct warm_facts *facts = real_template(real, language);
        if (facts && facts->state == WARM_REFUSED)
            fail_msg("%s is not warm: %s", language, facts->why);
        if (facts && facts->state == WARM_READY && facts->generations > generations)
            return;
        event_base_loop(real->loop, EVLOOP_ONCE);
    }
}

/* One line of a process's status file; false when it has none, or is gone. */
static bool status_line(pid_t pid, const char *name, char line[static 256])
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *status = fopen(path, "re");
    bool found = false;
    while (status && !found && fgets(line, 256, status))
        found = !strncmp(line, name, strlen(name));
    if (status)
        fclose(status);
    return found;
}

static bool is_at(pid_t pid, size_t depth, long own)
{
    char line[256];
    size_t n = 0;
    long number = 0;
    if (!status_line(pid, "NSpid:", line))
        return false;
    for (char *field = strtok(line + 6, "\t\n"); field; field = strtok(NULL, "\t\n"), n++)
        number = strtol(field, NULL, 10);
    return n == depth && (own == 0 || number == own);
}

size_t real_children(const struct real *real, const char *name, size_t depth, long own,
                     pid_t pids[static REAL_PIDS_MOST])
{
    char path[64], line[256];
    size_t n = 0;
    cleanup_free char *children = NULL;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", real->process.pid, real->process.pid);
    if (read_file_at(AT_FDCWD, path, 1 << 16, &children, NULL, NULL) < 0)
        return 0;
    for (char *next, *at = children; n < REAL_PIDS_MOST && strtol(at, &next, 10) > 0; at = next) {
        pid_t pid = (pid_t)strtol(at, NULL, 10);
        if (is_at(pid, depth, own) && (!name || (status_line(pid, "Name:", line) && strstr(line, name))))
            pids[n++] = pid;
    }
    return n;
}

void real_kill(const pid_t *pids, size_t count)
{
    char line[256];
    for (size_t i = 0; i < count; i++)
        kill(pids[i], SIGKILL);
    for (size_t i = 0; i < count; i++)
        while (status_line(pids[i], "State:", line) && !strstr(line, "Z (zombie)"))
            usleep(100);
}

static size_t count_descriptors(const struct real *real)
{
    char path[64];
    size_t n = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", real->process.pid);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n - 2;
}

size_t real_descriptors(const struct real *real)
{
    size_t n = count_descriptors(real), again;
    for (int same = 0; same < 10; n = again) { /* the last boxes go a moment after their answers */
        usleep(20000);
        again = count_descriptors(real);
        same = again == n ? same + 1 : 0;
    }
    return n;
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
