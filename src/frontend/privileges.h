/* frontend/privileges: what the frontend gives up before it reads the first byte of a client, each step
 * checked. */
#ifndef PHIAL_FRONTEND_PRIVILEGES_H
#define PHIAL_FRONTEND_PRIVILEGES_H

#include "base/base.h"

struct privileges {
    const char *user;
    const int *keep; /* descriptors that stay open, beside 0, 1 and 2 */
    size_t keep_count;
    uint64_t files_most; /* RLIMIT_NOFILE */
    const char *state;   /* the state folder, to be seen as /state, its files only, to read; NULL for none */
    const char *store;   /* the store's folder, made if need be, to be seen as /store; NULL for none */
};
/* Gives up, in this order: other descriptors, the file system, limits, groups and user, capabilities, the
 * chance to get any of it back. Needs root. */
int privileges_drop(const struct privileges *p, struct error *err);
/* And most system calls, in all threads that there are (filter.c). From here on, nothing new can be opened
 * for writing, no thread made, no program started. */
int filter_install(struct error *err);

/* root.c: the part that is the file system; for privileges_drop(). */
int root_enter(const struct privileges *p, uid_t uid, gid_t gid, struct error *err);

#endif
