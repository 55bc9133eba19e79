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
};
/* Gives up, in this order: other descriptors, the file system, limits, groups and user, capabilities, the
 * chance to get any of it back. Needs root. */
int privileges_drop(const struct privileges *p, struct error *err);
/* And most system calls (filter.c). From here on, nothing new can be opened for writing, no program started.
 */
int filter_install(struct error *err);

#endif
