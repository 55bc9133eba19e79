/* A store in a folder of its own, and the loop that it tells its ends on. */
#ifndef PHIAL_TESTS_STORE_HOUSE_H
#define PHIAL_TESTS_STORE_HOUSE_H

#include "base/base.h"
#include "store/store.h"

#include <event2/event.h>

struct house {
    char folder[64], path[80];
    struct event_base *loop;
    struct store *store;
    unsigned told;  /* writes that have ended */
    int64_t result; /* of the last */
};

/* cmocka's set-up and tear-down; *state is a struct house. */
int house_build(void **state);
int house_leave(void **state);
/* The store_done of the tests; `context` is the house. */
void house_done(void *context, int64_t result);
/* Until one more write has ended; its result. */
int64_t house_wait(struct house *house);
void house_open(struct house *house);
void house_close(struct house *house);
/* Removes all files of the folder; all but one. */
void house_empty(struct house *house);
void house_empty_but(struct house *house, const char *kept);
/* Closes the store and opens it again. */
void house_reopen(struct house *house);
/* Runs SQL on the database's file with a connection of its own. */
void house_sql(struct house *house, const char *sql);
/* The one number that it selects. */
int64_t house_number(struct house *house, const char *sql);

#endif
