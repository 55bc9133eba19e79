/* What the files of run_start() share: plan.c, stream.c, clock.c, execute.c, finish.c. Not for other rooms.
 */
#ifndef PHIAL_RUN_EXECUTE_H
#define PHIAL_RUN_EXECUTE_H

#include "run/run.h"

#include <event2/buffer.h>
#include <event2/event_struct.h>

/* ---- what is to be done, from request and language (plan.c) ---- */

struct plan_file {
    char *name;
    uint64_t offset, size;
};
struct plan {
    struct plan_file *files;
    size_t file_count;
    char **compile, **argv; /* compile is empty for none */
    char **compile_env, **env;
    struct evbuffer *order; /* NULL without a harness */
};
int plan_make(struct plan *plan, const struct language *language, const struct run_request *r);
void plan_free(struct plan *plan);

/* ---- the pipes (stream.c) ---- */

/* A pipe that the executor writes to: standard input, the order. */
struct feed {
    struct event event;
    struct evbuffer *pending;
    int fd;
    bool close_when_empty;
};
/* A pipe that it reads from. */
struct stream {
    struct event event;
    struct run *run;
    enum run_stream kind;
    int fd;
    bool truncated;
};

/* ---- the run ---- */

/* The steps in their order; a run without a compile step or harness passes over those. In PHASE_KILL
 * everything in the box has been killed and is waited for; in PHASE_OVER the answer has left. */
enum run_phase {
    PHASE_CLONE,
    PHASE_BOX,
    PHASE_FILES,
    PHASE_COMPILE_START,
    PHASE_COMPILE,
    PHASE_CLEAR,
    PHASE_START,
    PHASE_BOOT,
    PHASE_RUN,
    PHASE_KILL,
    PHASE_OVER,
};

/* Why we ended the run; REASON_NONE when its first process ended by itself. */
enum run_reason {
    REASON_NONE,
    REASON_TIMEOUT,
    REASON_MEMORY,
    REASON_OUTPUT,
    REASON_CANCEL,
    REASON_DISK,
    REASON_REFUSED, /* the kernel did not execute what was compiled */
    REASON_FAULT,   /* phial's own; run->fault says which */
};

enum { STREAM_COUNT = 3 };

struct run {
    const struct run_environment *env;
    const struct language *language;
    const struct filter *filter;
    struct run_callbacks callbacks;
    void *context;
    struct limits limits;
    struct plan plan;
    bool interactive, paused, started, in_compile;
    bool warm;             /* in a clone */
    struct clone_ask *ask; /* a clone that is waited for */

    enum run_phase phase;
    enum run_reason reason;
    struct error fault;

    int payload;
    size_t files_sent;
    struct box *box;
    struct program *program;
    struct program_end end;
    bool reaped, box_died;
    struct event box_event, init_event, oom_event, program_event;

    struct feed input, order;
    struct stream streams[STREAM_COUNT];
    int child_fds[5]; /* the program's ends of the pipes, in the order of its descriptors */
    uint64_t output_bytes, report_bytes;
    size_t ready_bytes; /* how much of the line "ready" has come */

    bool linked;
    struct run *peer; /* the other half, until either ends */
    bool link_full;   /* our report is not read until the peer has taken what waits for it */

    struct event deadline;  /* of the step that is ours: box, boot, the end */
    struct event wall, cpu; /* the user's clocks */
    struct cgroup_usage base, last;
    bool usage_taken;
    unsigned tries;
    uint64_t began_ns, boxed_ns, launched_ns, user_ns, ended_ns;
};

/* stream.c */
int stream_open(struct run *run, enum run_stream kind, int *child_end, struct error *err);
int feed_open(struct run *run, struct feed *feed, int *child_end, struct error *err);
/* The same with our end of a pipe that there is already; taken in any case. */
int stream_take(struct run *run, enum run_stream kind, int fd, struct error *err);
void feed_take(struct run *run, struct feed *feed, int fd);
/* The harness has said that it is ready: nothing but the user's report comes from here on. */
void stream_skip_ready(struct run *run);
/* Writes what the pipe takes and waits for room for the rest. */
void feed_go(struct run *run, struct feed *feed);
void feed_close(struct feed *feed);
/* link.c: between the harnesses of two runs */
void link_give(struct run *run, const void *data, size_t size);
/* What waited for this run has been written. */
void link_drained(struct run *run);
void link_end(struct run *run);
void stream_close(struct stream *stream);
void streams_watch(struct run *run, bool on);
/* Reads what is left once every writer is dead. True when all has been read. */
bool streams_drain(struct run *run);

/* clock.c: the base, the user's clocks, the memory alarm */
int usage_base(struct run *run, bool program_counted, struct error *err);
int group_limits(struct run *run, uint64_t memory_bytes, uint64_t processes, struct error *err);
int clocks_start(struct run *run, struct error *err);
void clocks_stop(struct run *run);
int oom_watch(struct run *run, struct error *err);

/* execute.c */
int run_watch(struct run *run, struct event *event, int fd, short what, event_callback_fn callback,
              struct error *err);
int run_after(struct run *run, struct event *event, uint64_t us, event_callback_fn callback,
              struct error *err);
void run_unwatch(struct event *event);
/* Of everything: box, program, pipes, timers. */
void run_unwatch_all(struct run *run);
/* Asks for a box and goes on from there. */
int run_begin_cold(struct run *run, struct error *err);
/* Goes on with box, program and pipes of a clone. */
int run_begin_warm(struct run *run, struct error *err);
void run_user_may_run(struct run *run);
/* The harness wrote its first line. */
void run_harness_ready(struct run *run);
/* Begins to wait for the end of the box's init. */
void run_watch_init(struct run *run);

/* place.c */
/* Finds the run a place and begins. */
int run_begin(struct run *run, struct error *err);
void run_stop_waiting(struct run *run);
/* Begins a warm run again, cold, if its clone failed before the order was given; else false. */
bool run_fall_back(struct run *run, const struct error *why);

/* finish.c */
/* The run ends for this reason; the first one counts. May be called in every phase. */
void run_finish(struct run *run, enum run_reason reason);
/* Kills the box and waits for its init's end. */
void run_finish_box(struct run *run);
void run_fault(struct run *run, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Looks in PHASE_KILL whether all is known, and then tells it; removes the box once it is dead. `run` may be
 * gone afterwards. */
void run_try_end(struct run *run);
void run_free(struct run *run);

#endif
