/* Inside the sandbox room: the front of the filter. Each call number has one verdict, and a balanced tree
 * over runs of equal verdicts finds it in about a dozen instructions. Shortness is worth it: when a filter is
 * installed, the kernel plays it through for every number (kernel/seccomp.c, seccomp_cache_prepare). */
#ifndef PHIAL_SANDBOX_SECCOMP_TABLE_H
#define PHIAL_SANDBOX_SECCOMP_TABLE_H

#include "base/base.h"

#include <linux/filter.h>

enum { CALLS_KNOWN = 451 }; /* 0 to 450: what Linux 5.17 had */

/* A verdict is a value for BPF_RET, or this: look at the arguments (the instructions behind the tree do). */
#define VERDICT_LOOK 1u

struct call_table {
    uint32_t verdicts[CALLS_KNOWN];
};
/* Writes the tree into `code`, which has room for `most` instructions; a verdict VERDICT_LOOK goes on right
 * behind its last instruction. The number must be loaded. Returns the count; -E2BIG
 * when it does not fit or a jump is too far, -EINVAL when all verdicts are the same. */
int call_table_compile(const struct call_table *t, struct sock_filter *code, size_t most);

#endif
