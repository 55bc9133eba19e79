/* Inside the template room: templates (generation.c), clones that are made (making.c), asks and the pool
 * (pool.c), what is brought to its end in the background (ending.c), what is told of it all (facts.c). */
#ifndef PHIAL_TEMPLATE_INTERNAL_H
#define PHIAL_TEMPLATE_INTERNAL_H

#include "base/loop.h"
#include "template/demand.h"
#include "template/template.h"

enum { RUNTIME_FDS = 5 }; /* standard streams, order, report: the harness protocol (docs/languages.md) */

/* A runtime's five pipes. */
struct pipes {
    int ours[RUNTIME_FDS], theirs[RUNTIME_FDS];
};
#define PIPES_CLOSED ((struct pipes){{-1, -1, -1, -1, -1}, {-1, -1, -1, -1, -1}})

/* ---- one template, from its start to its end ---- */

enum generation_stage {
    GENERATION_STARTING, /* until it was let go */
    GENERATION_BOOTING,  /* until it says `ready` */
    GENERATION_SETTLING, /* until what it left to its other threads is done */
    GENERATION_FREEZING,
    GENERATION_FROZEN,
};

enum { SAID_MOST = 2048 };

struct generation {
    struct generation *next; /* in all->generations */
    struct warm *warm;
    struct template *template;
    enum generation_stage stage;
    uint64_t number; /* counts the templates of its language */
    uint64_t began_ns, frozen_ns, clones;
    size_t orders; /* clones that are being copied from it */
    struct rehearsal *rehearsal;
    bool retired; /* makes no more clones; ends when no order is under way */
    struct pipes pipes;
    struct event step, death, deadline, out, error, report, age;
    size_t ready_bytes;   /* how much of the line `ready` has come */
    char said[SAID_MOST]; /* the last of its standard error */
    size_t said_bytes;
};

/* ---- one clone, while it is made ---- */

struct making {
    struct making *next; /* in warm->makings */
    struct warm *warm;
    struct generation *from; /* once the box is ready and the order is under way */
    struct box *box;
    struct program *program;
    struct pipes pipes;
    struct event step, deadline;
    uint64_t disk_bytes, disk_files;
    struct cgroup_limits group; /* what the box was made with */
    uint64_t began_ns, boxed_ns;
    bool rehearses; /* nobody waits for it */
    bool fails;     /* it is being ended */
};

/* ---- the pool ---- */

struct idle {          /* a clone that waits */
    struct idle *next; /* in warm->ready, the newest first */
    struct warm *warm;
    struct clone clone;
    uint64_t generation; /* the number of its template */
    struct event death;
};

struct clone_ask {
    struct clone_ask *next; /* in warm->asks, the oldest first */
    struct warm *warm;
    uint64_t disk_bytes, disk_files;
    unsigned tries; /* clones for it that failed */
    void (*answer)(void *context, const struct clone *clone);
    void *context;
};

enum part { PART_BOX, PART_CLONE, PART_CHECK, PART_COUNT };
enum { SAMPLES = 64 };

struct warm { /* one language */
    struct templates *all;
    const struct language *language; /* NULL when it has no template or no image */
    const struct filter *filter;
    struct limits limits;       /* standard ones, below the ceiling */
    struct cgroup_limits group; /* of the last clones, */
    bool tight;                 /* and so of the next */
    bool refused;
    char why[256]; /* of the last fault */
    uint64_t told_ns;

    struct generation *serving; /* what clones are made of */
    struct generation *booting; /* its replacement, or the first */
    bool wants_boot;            /* waits for its turn */
    struct event again;         /* after a fault, before the next boot */
    /* In a row, until a clone is good: */
    unsigned boot_faults;  /* templates that were not frozen, or made no clone */
    unsigned clone_faults; /* clones of the serving template that failed */
    unsigned spoilt;       /* templates that were given up for their clones' faults */
    unsigned refusals;     /* templates that held what cannot be copied */

    struct making *makings;
    struct clone_ask *asks;
    struct idle *ready;
    struct demand demand;

    uint64_t generations, clones, faults, hits, misses, boot_us, page_table_bytes, clone_bytes;
    uint32_t samples[PART_COUNT][SAMPLES]; /* microseconds of the last clones' parts, a ring */
    uint64_t make_us;                      /* of one clone, a running mean */
};

struct templates {
    struct templates_options options;
    int engine;         /* sealed memfd with the library */
    struct warm *items; /* as options.languages */
    size_t booting, booting_most;
    size_t boot_turn; /* the language that is looked at first */
    struct generation *generations;
    struct ending *endings;
    bool pressed, closing;
    struct event tick;
    bool ticks;
};

/* pipes.c */
int pipes_open(struct pipes *pipes, struct error *err);
void pipes_close(int ends[static RUNTIME_FDS]);

/* generation.c */
/* Starts as many boots as may be under way together. */
void generations_boot(struct templates *all);
/* A language needs a template: now, or after a pause that grows with the faults in a row. */
void generation_want(struct warm *warm);
/* It makes no more clones, and is ended when no order is under way. */
void generation_retire(struct generation *g);
/* A clone order for it has ended, in one way or the other. */
void generation_order_done(struct generation *g);
/* It made a good clone: its language's faults are forgotten, and perhaps it has made enough. */
void generation_made_clone(struct generation *g);
/* A clone of it failed. Several in a row, and it is replaced; several such templates, and it is refused. */
void generation_spoilt(struct generation *g, const struct error *err);
void warm_refuse(struct warm *warm, const char *why);
/* Notes the fault as the language's last, and logs it. */
void warm_fault(struct warm *warm, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* making.c */
int making_start(struct warm *warm, uint64_t disk_bytes, uint64_t disk_files, struct error *err);
/* One for the rehearsal of the template that serves. */
int making_start_rehearsal(struct warm *warm, struct error *err);
size_t makings_count(const struct warm *warm, uint64_t disk_bytes, uint64_t disk_files);
void makings_drop(struct warm *warm);
/* `g` has died: what it had not finished fails. It may be gone afterwards. */
void makings_orphaned(struct warm *warm, const struct generation *g);

/* rehearsal.c */
/* Wants a clone of this template for a rehearsal, if its language has one. */
void rehearsal_want(struct generation *g);
/* Takes the clone and runs the rehearsal in it. */
void rehearsal_start(struct generation *g, struct clone *clone);
void rehearsal_drop(struct generation *g);

/* pool.c */
bool size_is_standard(const struct warm *warm, uint64_t disk_bytes, uint64_t disk_files);
/* Takes a fresh clone, for the one who waits for it, or to wait itself. */
void pool_give(struct warm *warm, const struct clone *clone, uint64_t generation);
/* A clone of this size could not be made: the one who waits for it gets another try, or no for an answer. */
void pool_made_none(struct warm *warm, uint64_t disk_bytes, uint64_t disk_files);
/* Makes what is missing and ends what is too much, in all languages. */
void pool_balance(struct templates *all);
/* The newest of those that wait; false when there is none. */
bool pool_take(struct warm *warm, struct clone *clone);
void pool_drop(struct warm *warm);
void pool_tick_later(struct templates *all);

/* ending.c: takes what is given (each may be NULL), kills it, waits and reaps, in the order that the kernel
 * wants, in the background. */
void ending_start(struct templates *all, struct program *program, struct box *box, struct template *template);
/* The same, at once and blocking; false when something did not end in time. */
bool endings_wait(struct templates *all, uint64_t most_ms);

/* facts.c */
void facts_sample(struct warm *warm, enum part part, uint64_t us);

#endif
