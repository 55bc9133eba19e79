/* bench: what a fresh sandbox and a warm runtime cost, side by side with others. Not part of phial: it links
 * the sandbox, language and template rooms and calls bubblewrap, crun and phial servers from outside, as a
 * user of each would.
 *
 * A *subject* is one way to run one program from nothing to "all is cleaned up". All subjects of a *table*
 * are measured interleaved in one go (round by round, each round begins with another), so that what else
 * happens on the machine hits all alike. The CPU time is the whole machine's, kernel threads included, over a
 * subject's turn and a moment after it, less what the machine used while nothing was run.
 */
#ifndef PHIAL_BENCH_BENCH_H
#define PHIAL_BENCH_BENCH_H

#include "base/base.h"
#include "sandbox/sandbox.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>

struct bench; /* what the subjects need; made once (main.c) */

struct subject {
    const char *key;                                /* for JSON */
    const char *name;                               /* for people */
    int (*run)(struct bench *b, struct error *err); /* one run; returns 0 or -errno */
    unsigned per_turn;                              /* runs in one turn */
    long pause_ns;                                  /* before each: somebody thinks; not in its time */
    /* measured */
    double *wall_ns;             /* one a run */
    double *own_ns, *machine_ns; /* CPU a run, one a turn; `own_ns` all 0 where it cannot be told */
    size_t wall_count, turn_count;
    const char *absent; /* why it is not measured, or NULL */
};

struct table {
    const char *key, *title;
    struct subject *subjects;
    size_t count;
    const char *base; /* key of the subject that the others are compared with */
};

struct phase { /* a step of something that is done many times */
    const char *part, *name;
    double *ns;
    size_t count;
};
struct phases {
    struct phase items[96];
    size_t count;
};

struct bench {
    const char *images, *phial;                      /* the images folder; the phial program */
    const char *languages;                           /* the languages folder; NULL for the installed one */
    char work[PATH_MAX];                             /* a tmpfs of ours, in our own mount namespace */
    char true_root[PATH_MAX], elixir_root[PATH_MAX]; /* images, mounted */
    char elixir_bare_root[PATH_MAX];                 /* with /dev and /proc */
    char *bundle;                                    /* crun's bundle */
    struct box_bench *box;                           /* box.c */
    struct clone_bench *clones;                      /* clone.c */
    struct server *warm, *cold;                      /* with templates and without */
    struct phases phases;                            /* of all runs so far */
};

/* ---- statistics.c ---- */
double statistics_percentile(const double *values, size_t count, double percent); /* 0 when there are none */
double statistics_least(const double *values, size_t count);

/* ---- measure.c ---- */
/* Measures all subjects of a table in `rounds` rounds. */
int measure(struct bench *b, struct table *t, unsigned rounds, struct error *err);
/* CPU seconds a second while nothing of ours runs. */
int machine_idle(double *rate, struct error *err);

/* ---- machine.c ---- */
struct cpu_time {
    uint64_t machine_ns, own_ns;
    bool has_own; /* on cgroup v1 hosts */
};
/* CPU time of the whole machine, and of all processes that the bench has started. 0 or -errno. */
int machine_cpu(struct cpu_time *t);
/* Goes on as init of a pid namespace, in a mount namespace of its own. */
int machine_enter(struct error *err);
/* A tmpfs in b->work, the images mounted in it. */
int machine_prepare(struct bench *b, struct error *err);
const char *machine_model(void); /* one line: kernel, processors; valid until the next call */

/* ---- plain.c ---- */
bool plain_has(const char *program); /* is it in PATH? */
int plain_prepare_crun(struct bench *b, struct error *err);
int run_true_bare(struct bench *b, struct error *err);
int run_true_bubblewrap(struct bench *b, struct error *err);
int run_true_crun(struct bench *b, struct error *err);
int run_elixir_bare(struct bench *b, struct error *err);
int run_elixir_bubblewrap(struct bench *b, struct error *err);

/* ---- box.c ---- */
int box_bench_start(struct bench *b, struct error *err);
void box_bench_stop(struct bench *b);
int run_true_phial(struct bench *b, struct error *err);
struct ground *box_bench_ground(struct bench *b);

/* ---- phases.c ---- */
void note(struct phases *ps, const char *part, const char *name, double ns);
/* The steps as the helper timed them; what is left of `total` was spent on the way back and on our check. */
void note_steps(struct phases *ps, const char *part, const struct step_time *steps, size_t count,
                double total);
void phases_free(struct phases *ps);

/* ---- clone.c ---- */
int clone_bench_start(struct bench *b, struct error *err); /* after box_bench_start() */
void clone_bench_stop(struct bench *b);
int measure_clone(struct bench *b, struct phases *phases, struct error *err); /* one clone and its run */

/* ---- client.c ---- */
struct client;
int client_open(struct client **client, int port, struct error *err);
void client_close(struct client **client);
/* One request; `headers` are whole lines, `body` may be NULL. The status; *answer is the body, until the next
 * call. */
int client_call(struct client *c, const char *method, const char *path, const char *headers, const char *body,
                const char **answer, struct error *err);

/* ---- server.c ---- */
struct server;
/* Starts one and waits until it is ready. `name` is its own; `settings` are NAME=VALUE, NULL-ended. */
int server_start(struct bench *b, struct server **server, const char *name, const char *const *settings,
                 struct error *err);
void server_stop(struct server **server);
int server_port(const struct server *s);
double server_ready_ns(const struct server *s); /* from its start to /readyz */
struct client *server_client(struct server *s);
int server_metric(struct server *s, const char *line, double *value, struct error *err);
struct question {
    const char *body, *wanted; /* a request; what must be in the standard output */
};
/* A run; an answer that is not right, or not warm or cold as it must be, is an error. */
int ask(struct client *client, const struct question *q, bool warm, struct error *err);
int server_ask(struct server *s, const struct question *q, bool warm, struct error *err);
/* A grading; an answer that is no pass, not judged apart, or not warm or cold as it must be, is an error. */
int server_grade(struct server *s, const char *body, bool warm, struct error *err);

/* ---- warm.c ---- */
int warm_start(struct bench *b, struct error *err);
int cold_start(struct bench *b, struct error *err);
int run_elixir_warm(struct bench *b, struct error *err);
int run_elixir_cold(struct bench *b, struct error *err);
int run_exunit_warm(struct bench *b, struct error *err);
int run_exunit_cold(struct bench *b, struct error *err);
int run_grade_warm(struct bench *b, struct error *err);
int run_grade_cold(struct bench *b, struct error *err);
int run_python_warm(struct bench *b, struct error *err);
int run_python_cold(struct bench *b, struct error *err);
int run_javascript_warm(struct bench *b, struct error *err);
int run_javascript_cold(struct bench *b, struct error *err);
struct ready_times {
    double ns[3];
};
int measure_ready(struct bench *b, struct ready_times *ready, struct error *err);
struct load { /* eight clients, each with one run after another */
    double *wall_ns;
    size_t count;
    double a_second, machine_ns, own_ns; /* runs a second; CPU a run, of the machine and of what we started */
};
int measure_load(struct bench *b, unsigned seconds, struct load *load, struct error *err);
struct clone_parts {
    double box_ns, clone_ns, check_ns; /* its box, the copy until it is stripped, the check until it runs */
};
int measure_parts(struct bench *b, struct clone_parts *parts, struct error *err);
struct sleepers {
    unsigned asked, alive;
    double bytes; /* of the machine's memory, each */
};
int measure_sleepers(struct bench *b, unsigned count, struct sleepers *found, struct error *err);

/* ---- site.c ---- */
struct samples {
    double *ns;
    size_t count;
};
struct site_figures {
    struct samples pages, live, pressed;
    double page_own_ns; /* CPU of the server and of our visitors, a page */
};
/* With a server of its own, whose courses stand beside the languages folder. */
int measure_site(struct bench *b, unsigned seconds, struct site_figures *found, struct error *err);
void site_print(FILE *out, const struct site_figures *s);
json_t *site_json(const struct site_figures *s);

/* ---- report.c ---- */
struct findings {
    struct table *tables;
    size_t table_count;
    const struct phases *phases;
    unsigned rounds;
    const struct table *warm; /* NULL: warm templates were not measured, nor what follows */
    const struct load *load;
    const struct clone_parts *quiet, *loaded; /* one run at a time; under load */
    const struct sleepers *sleepers;
    const struct ready_times *ready;
    const struct site_figures *site; /* NULL: not measured */
};
void report_print(FILE *out, const struct findings *f);
int report_print_json(FILE *out, const struct findings *f);

/* ---- goals.c ---- */
void goals_print(FILE *out, const struct findings *f);
json_t *goals_json(const struct findings *f);

#endif
