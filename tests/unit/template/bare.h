/* Templates and their clones without the pool: a runtime of a few lines of Python that is frozen when a test
 * says so, and clones that do what they are told. */
#ifndef PHIAL_TESTS_TEMPLATE_BARE_H
#define PHIAL_TESTS_TEMPLATE_BARE_H

#include "house.h"

#include "sandbox/internal.h"

struct runtime {
    struct template *template;
    struct pipes pipes;
};

/* Runs `source` in a fresh runtime, with much imported and `libc` at hand, until it says that it is ready.
 * Then its main thread waits for an order, which is Python too. `helper` may be NULL. */
void boot(struct runtime *r, const char *source, const char *helper);
/* 0 or -errno with the reason. */
int freeze(struct runtime *r, struct error *err);
void freeze_well(struct runtime *r);
/* It must end, with all that it has started. */
void end_runtime(struct runtime *r);

struct copy {
    struct box *box;
    struct program *program;
    struct pipes pipes;
};

void copy(struct runtime *r, struct copy *c);
/* Its first order: fails unless the clone carries it out without an exception and ends. */
void obey(struct copy *c, const char *order);
/* The same for a clone that lives on: `order` is carried out when it has answered. */
void obey_and_stay(struct copy *c, const char *order);
void end_copy(struct copy *c);

#endif
