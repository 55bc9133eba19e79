/* run: from a request to a result. Limits, files, output, status.
 *
 * The request and the result are plain data here, with their checks and their packed form (what crosses
 * between frontend and executor). run_start() executes a request in a box on an event loop. The answer's JSON
 * and the harness's report are made and read on the unprivileged side only (answer.c, report.c): the executor
 * never parses what came from inside a box.
 */
#ifndef PHIAL_RUN_RUN_H
#define PHIAL_RUN_RUN_H

#include "base/base.h"
#include "language/language.h"
#include "sandbox/sandbox.h"
#include "settings/limits.h"
#include "template/template.h"

#include <event2/event.h>
#include <jansson.h>

/* ---- the request (request.c) ---- */

enum {
    RUN_FILES_MOST = 100,
    RUN_FILE_NAME_MOST = 255,
    RUN_FILES_BYTES_MOST = 8 << 20, /* all files together, and stdin the same again */
    RUN_STDIN_BYTES_MOST = 8 << 20,
    RUN_ARGS_MOST = 256,
    RUN_ARGS_BYTES_MOST = 65536, /* all args together; env the same again */
    RUN_ENV_MOST = 256,
    RUN_ORDER_MOST = 256,            /* fields; RUN_ARGS_BYTES_MOST together */
    RUN_REPORT_BYTES_MOST = 2 << 20, /* what the harness may report in one run */
};

struct run_file {
    char *name;
    uint8_t *data;
    size_t size;
    uint64_t offset; /* where the bytes stand in the packed form, once packed or unpacked */
};
struct run_request {
    char *language; /* the language's own name, not an alias */
    struct run_file *files;
    size_t file_count;
    uint8_t *stdin_data;
    size_t stdin_size;
    char **args, **env; /* NULL-ended; env as NAME=value */
    struct limits limits;
    char **order; /* more fields of the harness's order, KEY=value, for grading; NULL for none */
    bool trace, interactive;
    bool linked; /* one half of a pair: see run_join() */
};
/* Checks everything the contract says of names, counts and sizes. On failure *pointer (256 bytes) gets the
 * JSON pointer of the offending field, such as /files/0/name. */
int run_request_check(const struct run_request *r, char pointer[static 256], struct error *err);
void run_request_free(struct run_request *r);
/* Packed form. Unpacking trusts nothing and ends with run_request_check(). */
void run_request_pack(struct packer *p, const struct run_request *r);
int run_request_unpack(struct run_request *r, const void *data, size_t size, struct error *err);
/* The packed form stands `bytes` later in the payload: moves the files' offsets. */
void run_request_shift(struct run_request *r, uint64_t bytes);

/* ---- the result (result.c) ---- */

#define RUN_STATUSES(X) X(ok) X(error) X(compile_error) X(timeout) X(memory) X(output_limit) X(killed)
enum run_status {
#define X(name) RUN_##name,
    RUN_STATUSES(X)
#undef X
};
const char *run_status_name(enum run_status s);

struct run_result {
    enum run_status status;
    bool signaled;
    int code; /* exit code or signal number */
    bool stdout_truncated, stderr_truncated;
    bool warm;
    struct limits limits; /* as used */
    uint64_t wall_us, cpu_us, memory_bytes, processes;
    /* where the time went, for metrics and benches */
    uint64_t box_us, start_us, teardown_us;
    bool in_compile; /* it ended in the compile step */
};
void run_result_pack(struct packer *p, const struct run_result *r);
int run_result_unpack(struct run_result *r, const void *data, size_t size);

/* ---- executing (execute.c) ---- */

enum run_stream { RUN_STDOUT, RUN_STDERR, RUN_REPORT };

struct run_callbacks {
    void (*started)(void *context); /* user code may run now */
    void (*output)(void *context, enum run_stream stream, const void *data,
                   size_t size); /* in order per stream */
    /* Exactly once, last. `result` is NULL when the fault was phial's own (`err` says which): the run counts
     * as not run. */
    void (*ended)(void *context, const struct run_result *result, const struct error *err);
};
struct run_faults { /* warm runs that had to begin again cold */
    uint64_t count, told_ns;
};
struct run_environment { /* what all runs of one executor share */
    struct event_base *loop;
    struct ground *ground;
    const struct languages *languages;
    const struct filter *filters; /* one per language, same order */
    uint32_t cpu_percent;
    struct limits ceiling;
    struct templates *templates; /* NULL: every run boots its runtime */
    struct run_faults *faults;   /* needed with `templates` */
    size_t *
        alive; /* counts runs from run_start() until their box is gone, a moment after `ended`; may be NULL */
};
struct run;
/* Starts a request. `payload` is a sealed memfd with the request's packed form, from which the box's init
 * takes the files at their offsets; it and `r` are only read during the call. Callbacks come from the event
 * loop, never from within this call. */
int run_start(const struct run_environment *env, const struct run_request *r, int payload,
              const struct run_callbacks *callbacks, void *context, struct run **run, struct error *err);
/* Interactive standard input; bytes beyond what the pipe and 256 KiB of buffer hold: -EAGAIN, nothing taken.
 */
int run_stdin(struct run *run, const void *data, size_t size, bool eof);
/* Joins two linked runs right after both were started. What the harness of one reports, once it has its
 * order, comes to the other's behind its order, as it is, with a bound on what waits; when one run has ended,
 * the other's input ends. Such a run has no report that `output` would be called for. */
void run_join(struct run *a, struct run *b);
void run_cancel(struct run *run); /* status `killed`, then `ended` is called */
/* Stops reading the run's output while the client is slow; the program then blocks in write. */
void run_pause_output(struct run *run, bool paused);

/* ---- the harness's report (report.c): hostile bytes ---- */

struct report_diagnostic {
    char *severity, *message, *file; /* severity: error, warning, information, hint; file may be NULL */
    uint32_t line, column;           /* 0 when unknown */
};
struct report_value {
    uint32_t line;
    char *value;
};
struct report {
    bool compile_error;
    char *value; /* NULL when none */
    struct report_diagnostic *diagnostics;
    size_t diagnostic_count;
    struct report_value *values;
    size_t value_count;
};
enum {
    REPORT_VALUE_MOST = 65536,
    REPORT_TRACE_VALUE_MOST = 1000,
    REPORT_TRACE_MOST = 500,
    REPORT_DIAGNOSTICS_MOST = 200
};
/* Reads JSON lines; what is malformed, unknown or beyond its bound is left out, so it always succeeds but for
 * -ENOMEM. */
int report_parse(struct report *r, const void *data, size_t size);
void report_free(struct report *r);

/* ---- the answer's JSON, the same for HTTP and the command line (answer.c) ---- */

struct run_outcome { /* all that is known at the end of a run */
    char id[40];
    const struct run_result *result;
    const uint8_t *out, *err;
    size_t out_size, err_size;
    const uint8_t *report;
    size_t report_size;
    bool trace, base64;
};
/* How an answer is to be dumped: with all digits of a double, 3.1 would read 3.1000000000000001. */
#define RUN_ANSWER_DUMP (JSON_COMPACT | JSON_REAL_PRECISION(15))
/* A fresh reference, or NULL when out of memory. */
json_t *run_answer(const struct run_outcome *outcome);
/* The status after the report had its one say (`error` into `compile_error`). */
enum run_status run_final_status(const struct run_result *result, const struct report *report);

/* ---- what a client can ask for (describe.c) ---- */

/* Every language with its names, version and standard limits, brought below `ceiling`. A fresh reference, or
 * NULL when out of memory. */
json_t *languages_json(const struct languages *ls, const struct limits *ceiling);

#endif
