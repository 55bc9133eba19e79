/* Templates and clones for real: a ground with the image of Python, and a language whose runtimes are a few
 * lines of it each, so that every way to behave and to misbehave can be had. */
#ifndef PHIAL_TESTS_TEMPLATE_HOUSE_H
#define PHIAL_TESTS_TEMPLATE_HOUSE_H

#include "template/internal.h"

#include "unit.h"

#include <signal.h>
#include <sys/syscall.h>

#define IMPORT "import os, threading, time\n"
#define SERVE                                                                                                \
    "os.write(4, b'ready\\n')\n"                                                                             \
    "order = os.read(3, 4096)\n"                                                                             \
    "os.write(1, b'got ' + order)\n"                                                                         \
    "os._exit(7)\n"

extern struct language language;

struct under_test {
    struct event_base *loop;
    struct templates *templates;
    struct templates_options options;
};

struct answer {
    bool came, none;
    struct clone clone;
};

/* What a test does not say is as in a quiet house; it may change options and language before
 * open_templates(). */
void prepare(struct under_test *t, const char *source);
void open_templates(struct under_test *t);
/* Both. */
void begin(struct under_test *t, const char *source);
struct warm_facts facts_of(const struct under_test *t);
/* Closes, and fails when a child or a group is left. */
void end(struct under_test *t);
/* Runs the loop until `done` says so. */
void until(struct under_test *t, bool (*done)(const struct under_test *t));
bool is_warm(const struct under_test *t);
bool one_waits(const struct under_test *t);
bool had_a_fault(const struct under_test *t);
bool the_second_serves(const struct under_test *t);
bool nothing_ends(const struct under_test *t);
bool nothing_is_made(const struct under_test *t);
/* As templates_take(), with the answer kept. */
int take_with(struct under_test *t, uint64_t disk_bytes, struct answer *answer, struct clone_ask **ask);
int take(struct under_test *t, struct answer *answer);
void wait_for_answer(struct under_test *t, struct answer *answer);
/* It gets an order, says what it got, and ends as it should; then all of it is gone. */
void use(struct under_test *t, struct answer *answer);
void take_and_use(struct under_test *t);

struct ground *house_ground(void);
const struct filter *house_filter(void);
/* No child of ours but T's init and the maker, no group, no uid that is taken. */
void house_is_empty(void);
int house_set_up(void **state);
int house_tear_down(void **state);
/* Runs `all_tests` in namespaces of its own; the argument, if any, is a pattern of tests to run. */
int house_main(int argc, char **argv, int (*all_tests)(void));

#endif
