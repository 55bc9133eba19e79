/* `phial run`: one program, once, in a fresh sandbox; through a server's socket or with an executor of its
 * own. */
#ifndef PHIAL_CLI_RUN_H
#define PHIAL_CLI_RUN_H

#include "cli/cli.h"
#include "run/run.h"
#include "settings/settings.h"

/* What `phial run` exits with when it is not the program's own code. */
enum {
    RUN_EXIT_OUTPUT_LIMIT = 123,
    RUN_EXIT_TIMEOUT = 124, /* as timeout(1) */
    RUN_EXIT_FAULT = 125,   /* phial's own fault: the run counts as not run */
    RUN_EXIT_USAGE = 126,   /* it could not be started as asked for */
    RUN_EXIT_MEMORY = 137,  /* as a shell says of what the OOM killer stopped */
};

/* One run as the command line asked for it, and what has come back so far. */
struct run_job {
    struct settings settings;
    struct languages languages;
    struct run_request request;
    int input; /* streamed to the program as its standard input; -1: nothing beyond request.stdin_data */
    bool json;
    bool interrupted;      /* by a signal: Ctrl-C */
    bool output_gone;      /* nobody reads our standard output any more */
    struct packer kept[3]; /* with --json: what each stream (enum run_stream) has given; the report always */
};

/* Takes a piece of the program's output: writes it at once, or keeps it for --json. */
void run_job_output(struct run_job *job, enum run_stream stream, const void *data, size_t size);
/* Prints the answer (--json) or what there is to say about the end, and returns the exit code. */
int run_job_finish(struct run_job *job, const json_t *answer);
/* Prints phial's own fault and returns RUN_EXIT_FAULT. */
int run_job_fault(const struct run_job *job, const struct error *err);

/* run_input.c: makes standard input ready. A short file is read into the request; anything else is streamed.
 */
int run_job_set_input(struct run_job *job, const char *path, struct error *err);

/* run_local.c, run_server.c: both return the exit code. */
int run_job_local(struct run_job *job);
int run_job_server(struct run_job *job);
/* As the API wants them (run_server.c). */
json_t *run_file_json(const struct run_file *file);
json_t *run_limits_json(const struct limits *limits);
/* "NAME=FILE" or "FILE", whose last part is its name; a file that has a '=' in its name is taken as it
 * stands. The path; `name` gets the name (run.c). */
const char *run_file_word(const char *word, char name[static RUN_FILE_NAME_MOST + 2]);
/* "wall=2s", "memory_bytes=64MiB", "processes=8": the name's ending says which unit the value has (run.c). */
int run_set_limit(struct limits *limits, const char *assignment, struct error *err);

#endif
