/* bench: what a fresh sandbox costs, side by side with others. Not part of phial: it links the sandbox and
 * language rooms and calls bubblewrap, crun and a phial server from outside, as a user of each would.
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

#include <limits.h>
#include <stdio.h>

struct bench; /* what the subjects need; made once (main.c) */

struct subject {
    const char *key;                                /* for JSON */
    const char *name;                               /* for people */
    int (*run)(struct bench *b, struct error *err); /* one run; returns 0 or -errno */
    unsigned per_turn;                              /* runs in one turn */
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

struct bench {
    const char *images, *phial;                      /* the images folder; the phial program */
    const char *languages;                           /* the languages folder; NULL for the installed one */
    char work[PATH_MAX];                             /* a tmpfs of ours, in our own mount namespace */
    char true_root[PATH_MAX], elixir_root[PATH_MAX]; /* images, mounted */
    char elixir_bare_root[PATH_MAX];                 /* with /dev and /proc */
    char *bundle;                                    /* crun's bundle */
    struct box_bench *box;                           /* box.c */
    struct server *server;                           /* server.c */
};

/* ---- statistics.c ---- */
double statistics_percentile(const double *values, size_t count, double percent); /* 0 when there are none */
double statistics_least(const double *values, size_t count);

/* ---- measure.c ---- */
/* Measures all subjects of a table in `rounds` rounds. */
int measure(struct bench *b, struct table *t, unsigned rounds, struct error *err);

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
/* The phases of all runs so far, in their order. */
struct phase {
    const char *part, *name;
    double *ns;
    size_t count;
};
size_t box_bench_phases(struct bench *b, struct phase **phases);

/* ---- server.c ---- */
int server_start(struct bench *b, struct error *err);
void server_stop(struct bench *b);
int run_elixir_phial(struct bench *b, struct error *err);
int run_bash_phial(struct bench *b, struct error *err);

/* ---- report.c ---- */
struct findings {
    struct table *tables;
    size_t table_count;
    struct phase *phases;
    size_t phase_count;
    unsigned rounds;
};
void report_print(FILE *out, const struct findings *f);
int report_print_json(FILE *out, const struct findings *f);

#endif
