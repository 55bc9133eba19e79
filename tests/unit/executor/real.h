/* A real executor under test, and a blocking way to run something in it. */
#ifndef PHIAL_TESTS_REAL_H
#define PHIAL_TESTS_REAL_H

#include "executor/executor.h"

struct real {
    struct settings settings;
    struct executor_process process;
    struct event_base *loop;
    struct executor_client *client;
    char run_dir[64];
    size_t lost;
};
/* language.yaml of one more language, which the test makes up; NULL for none. */
extern const char *real_language;
/* Skips nothing: fails when there is no root or no image, since the suite says what it needs. `settings`:
 * NAME=VALUE, NULL-ended, or NULL. */
int real_start(struct real *real, const char *const *settings);
void real_stop(struct real *real);
/* A new executor after the old one was killed. */
int real_restart(struct real *real);
/* What the executor says of a language's template; NULL when it says nothing. */
const struct warm_facts *real_template(struct real *real, const char *language);
/* Runs the loop until the language is warm, once more than `generations` times. Fails when it cannot be. */
void real_until_warm(struct real *real, const char *language, uint64_t generations);
/* How many pid namespaces a process is in: */
enum {
    REAL_DEPTH_T = 3,   /* a template, the maker */
    REAL_DEPTH_BOX = 4, /* a box's init, which is number 1 there, and programs */
    REAL_PIDS_MOST = 256,
};
/* Our numbers of the executor's children of this name (NULL: any) and depth; `own`: their number in the
 * deepest namespace, 0 for any. */
size_t real_children(const struct real *real, const char *name, size_t depth, long own,
                     pid_t pids[static REAL_PIDS_MOST]);
/* Kills them and waits until they are dead, though not reaped. */
void real_kill(const pid_t *pids, size_t count);
/* Open descriptors of the executor once its count does not change any more. */
size_t real_descriptors(const struct real *real);

struct heard { /* what a ticket's holder heard */
    struct real *real;
    struct ticket *ticket;
    bool started, over, failed;
    uint32_t places, place;
    struct run_result result;
    struct error err;
    uint8_t *bytes[3];
    size_t sizes[3];
};
#define TEXT(h, stream) ((h).bytes[stream] ? (const char *)(h).bytes[stream] : "")
/* Fails the test when it did not end so; a negative exit code stands for a signal. */
void heard_expect(const struct heard *h, enum run_status status, int exit_code);
void heard_free(struct heard *h);
extern const struct ticket_callbacks heard_callbacks;

struct run_request request_of(const char *language, const char *name, const char *source);
void request_add_file(struct run_request *r, const char *name, const void *data, size_t size);
/* Takes the request. 0 or what executor_client_run() gave. */
int real_begin(struct real *real, struct heard *h, const char *who, struct run_request *r);
/* Runs the loop until it is over. */
void real_wait(struct heard *h);
/* Runs the loop until `done` says so. */
void real_until(struct real *real, bool (*done)(void *context), void *context);
/* Both. */
void real_run(struct real *real, struct heard *h, struct run_request r);
/* One file, default limits. */
void real_source(struct real *real, struct heard *h, const char *language, const char *name,
                 const char *source);

#endif
