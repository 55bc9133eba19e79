/* template: warm runtimes. For each language that has a `template:` in its language.yaml it boots one, warms
 * it up, freezes it, replaces it by a fresh one after so many clones or so much time, and keeps a pool of
 * clones made ahead of need, as many as recent demand asks for.
 *
 * Theory of operation. A language's state goes absent -> booting -> warm, and back to booting when its
 * template dies; while one is booting as a replacement, the old one goes on serving. A language whose runtime
 * holds what cannot be copied is refused, with the reason, and boots cold. A clone is a box (made by
 * src/sandbox) and, in it, a copy of the frozen runtime that has passed the look from outside and waits for
 * its order. It belongs to the pool until a run takes it, and is then like any program in any box.
 *
 * It may touch what src/sandbox gives. It knows no request, no result and no HTTP. The library that lives in
 * the runtime is engine/.
 */
#ifndef PHIAL_TEMPLATE_TEMPLATE_H
#define PHIAL_TEMPLATE_TEMPLATE_H

#include "language/language.h"
#include "sandbox/sandbox.h"

#include <event2/event.h>

struct templates;

struct templates_options {
    struct event_base *loop;
    struct ground *ground;
    const struct languages *languages;
    const struct filter *filters; /* one per language, same order */
    const bool *available;        /* likewise: its image is mounted */
    struct limits ceiling;        /* standard limits of a language are brought below it */
    uint32_t cpu_percent;
    uint64_t clones_most;           /* a template is replaced after so many clones */
    uint64_t age_most_ms;           /* and at this age */
    uint64_t pool_bytes;            /* what all clones that wait may use together */
    void (*changed)(void *context); /* a language's state, or what it says of faults; may be NULL. It may call
                                       nothing of this room */
    void *context;
};
/* Starts to boot templates; returns at once. The options' pointers must live as long. */
int templates_open(struct templates **templates, const struct templates_options *options, struct error *err);
/* Ends all templates and the clones that wait. It may run the loop's work itself for a moment. */
void templates_close(struct templates *templates);

/* A clone that waits for its order. Who has it owns box, program and descriptors. */
struct clone {
    struct box *box;
    struct program *program; /* PROGRAM_RUNNING: it has passed the look from outside */
    /* Our ends, non-blocking: standard input, output, error, the harness's order and report. */
    int input, output, error, order, report;
    /* Of its group now: `base` and the language's standard limits, as exactly as the kernel counts memory. */
    struct cgroup_limits limits;
    struct cgroup_usage base; /* what its group used when it stood ready; peaks count from there */
    uint64_t disk_bytes, disk_files;
};
/* Kills and frees all of it, also what is still waited for, in the background. */
void clone_discard(struct templates *templates, struct clone *clone);

struct clone_ask; /* one that is waited for */

/* Asks for a clone with this size of the work folder. 1: *clone is it. 0: *ask is set and `answer` will be
 * called once, from the loop: with the clone, or with NULL when none can be made, and the run should boot
 * cold. -errno: this language is not warm at the moment (-EAGAIN) or never will be (-ENOTSUP). */
int templates_take(struct templates *templates, const struct language *language, uint64_t disk_bytes,
                   uint64_t disk_files, struct clone *clone,
                   void (*answer)(void *context, const struct clone *clone), void *context,
                   struct clone_ask **ask);
/* The asker does not want it any more; `answer` is not called. */
void templates_forget(struct clone_ask *ask);
/* Runs are waiting for a place, so making clones ahead of need would take it from them. */
void templates_press(struct templates *templates, bool pressed);
/* A run has ended and its answer is on its way: the moment to make what is missing in the pool. */
void templates_refill(struct templates *templates);
/* True when no child of this process belongs to the pool or to a template. */
bool templates_idle(const struct templates *templates);

enum warm_state { WARM_NONE, WARM_BOOTING, WARM_READY, WARM_REFUSED };
struct warm_facts { /* of one language, for metrics, doctor, tests */
    enum warm_state state;
    char why[256];                           /* WARM_REFUSED, or the last fault */
    uint64_t age_ms;                         /* of the template that serves now */
    uint64_t clones;                         /* made in all, by all templates of this language */
    uint64_t generations;                    /* templates made */
    uint64_t faults;                         /* clones that failed, templates that died or failed */
    uint64_t ready;                          /* clones that wait */
    uint64_t hits, misses;                   /* asked for and there, or not */
    uint64_t boot_us;                        /* of the last template: start to frozen */
    uint64_t page_table_bytes, memory_bytes; /* of the template that serves, as template_facts() has them */
    uint64_t threads;                        /* of each clone */
    uint64_t clone_bytes; /* of one clone that waits, its page tables counted; what pool_bytes bounds */
    uint64_t box_us, clone_us,
        check_us; /* medians of the last clones: box, copy until stripped, check until it runs */
};
/* By the language's place in `languages`. */
void templates_facts(const struct templates *templates, size_t language, struct warm_facts *facts);

/* ---- what a box needs for a run with these limits, warm or cold (spec.c) ---- */

/* While the runtime boots, the group may use what both need. `files_bytes`: of the files of the run. */
struct box_spec language_box_spec(const struct language *language, const struct limits *limits,
                                  uint64_t files_bytes, uint32_t cpu_percent);
/* Inodes of a work folder of this size. */
uint64_t language_disk_files(uint64_t disk_bytes);

#endif
