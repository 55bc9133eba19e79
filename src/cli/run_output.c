/* What a run writes, and what there is to say about its end. */
#include "cli/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

/* A terminal that another program left non-blocking must not lose output. */
static int write_patiently(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, data, size);
        if (n < 0 && errno == EAGAIN) {
            struct pollfd ready = {.fd = fd, .events = POLLOUT};
            poll(&ready, 1, -1);
        } else if (n < 0 && errno != EINTR) {
            return -errno;
        } else if (n > 0) {
            data += n;
            size -= (size_t)n;
        }
    }
    return 0;
}

static void keep(struct packer *p, const void *data, size_t size)
{
    if (p->room - p->size < size) {
        size_t room = 2 * (p->size + size);
        uint8_t *more = realloc(p->data, room);
        if (!more) {
            p->failed = true;
            return;
        }
        p->data = more;
        p->room = room;
    }
    memcpy(p->data + p->size, data, size);
    p->size += size;
}

void run_job_output(struct run_job *job, enum run_stream stream, const void *data, size_t size)
{
    if (size == 0)
        return;
    if (job->json || stream == RUN_REPORT)
        keep(&job->kept[stream], data, size);
    else if (write_patiently(stream == RUN_STDOUT ? STDOUT_FILENO : STDERR_FILENO, data, size) < 0 &&
             stream == RUN_STDOUT)
        job->output_gone = true;
}

int run_job_fault(const struct run_job *job, const struct error *err)
{
    (void)job;
    fprintf(stderr, "phial: run: %s; the program counts as not run\n", err->text);
    return RUN_EXIT_FAULT;
}

static long long limit_of(const json_t *answer, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(answer, "limits"), name));
}

/* The signal's number from its name ("SIGSEGV"), or from a number; 0 for none. */
static int signal_of(const json_t *answer)
{
    const json_t *value = json_object_get(answer, "signal");
    const char *name = json_string_value(value);
    if (!name)
        return (int)json_integer_value(value);
    if (!strncmp(name, "SIG", 3))
        name += 3;
    if (!strncmp(name, "RTMIN+", 6))
        return SIGRTMIN + atoi(name + 6);
    if (atoi(name) > 0)
        return atoi(name);
    for (int s = 1; s < NSIG; s++) {
        const char *other = sigabbrev_np(s);
        if (other && !strcmp(other, name))
            return s;
    }
    return SIGKILL;
}

static void print_trace(const json_t *answer)
{
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(answer, "values"), i, entry)
    {
        const char *value = json_string_value(json_object_get(entry, "value"));
        fprintf(stderr, "%sline %" JSON_INTEGER_FORMAT ":%s %s\n", style_on(stderr, STYLE_DIM),
                json_integer_value(json_object_get(entry, "line")), style_on(stderr, STYLE_PLAIN),
                value ? value : "");
    }
}

/* What a limit stopped, in words, and how to give more. */
static const struct {
    const char *status, *what, *limits[2], *cure;
} stops[] = {
    {"timeout", "its time was over", {"wall_ms", "cpu_ms"}, "--limit wall=... --limit cpu=..."},
    {"memory", "it wanted more memory than it may have", {"memory_bytes"}, "--limit memory=..."},
    {"output_limit", "it wrote more than it may", {"output_bytes"}, "--limit output=..."},
};

static void print_end(const struct run_job *job, const json_t *answer, const char *status)
{
    print_trace(answer);
    for (size_t i = 0; i < array_length(stops); i++) {
        if (strcmp(stops[i].status, status))
            continue;
        fprintf(stderr, "phial: stopped: %s (%s %lld", stops[i].what, stops[i].limits[0],
                limit_of(answer, stops[i].limits[0]));
        if (stops[i].limits[1])
            fprintf(stderr, ", %s %lld", stops[i].limits[1], limit_of(answer, stops[i].limits[1]));
        fprintf(stderr, "); for more: %s\n", stops[i].cure);
    }
    if (!strcmp(status, "killed") && !job->interrupted && !job->output_gone)
        fputs("phial: stopped: the sandbox killed it\n", stderr);
}

static int exit_code_of(const struct run_job *job, const json_t *answer, const char *status)
{
    int signal = signal_of(answer);
    int code = (int)json_integer_value(json_object_get(answer, "exit_code"));
    if (!strcmp(status, "ok"))
        return 0;
    if (!strcmp(status, "timeout"))
        return RUN_EXIT_TIMEOUT;
    if (!strcmp(status, "memory"))
        return RUN_EXIT_MEMORY;
    if (!strcmp(status, "output_limit"))
        return RUN_EXIT_OUTPUT_LIMIT;
    if (!strcmp(status, "killed") && job->output_gone)
        return 128 + SIGPIPE;
    if (!strcmp(status, "killed") && job->interrupted)
        return 128 + SIGINT;
    if (signal)
        return 128 + signal;
    if (!strcmp(status, "killed"))
        return 128 + SIGKILL;
    return code ? code : 1; /* a compiler that says no and exits 0 has still said no */
}

int run_job_finish(struct run_job *job, const json_t *answer)
{
    const char *status = json_string_value(json_object_get(answer, "status"));
    struct error err = {0};
    if (!status) {
        error_set(&err, EPROTO, "the answer has no status: %m");
        return run_job_fault(job, &err);
    }
    if (job->json) {
        if (json_dumpf(answer, stdout, RUN_ANSWER_DUMP) < 0 || putchar('\n') == EOF) {
            error_set(&err, EIO, "printing the answer: %m");
            return run_job_fault(job, &err);
        }
    } else {
        print_end(job, answer, status);
    }
    return exit_code_of(job, answer, status);
}
