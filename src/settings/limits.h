/* settings/limits: what a run may use. One row a limit; parsing, help, clamping, JSON and messages are made
 * from this table, so a limit stands once. Units: milliseconds, bytes, counts. */
#ifndef PHIAL_SETTINGS_LIMITS_H
#define PHIAL_SETTINGS_LIMITS_H

#include <stdint.h>

/*       name           default      least    ceiling (the operator may change it) */
#define RUN_LIMITS(X)                                                                                        \
    X(wall_ms, 10000, 10, 60000)                                                                             \
    X(cpu_ms, 5000, 10, 60000)                                                                               \
    X(memory_bytes, 268435456, 1048576, 2147483648)                                                          \
    X(processes, 64, 1, 1024)                                                                                \
    X(output_bytes, 1048576, 0, 16777216)                                                                    \
    X(disk_bytes, 67108864, 65536, 1073741824)

struct limits {
#define X(name, standard, least, ceiling) uint64_t name;
    RUN_LIMITS(X)
#undef X
};

extern const struct limits limits_standard, limits_least, limits_ceiling;

/* The place of the limit with this name in *l, or NULL. */
uint64_t *limits_field(struct limits *l, const char *name);

/* Each field of `asked` that is 0 takes the value of `standard`; then each is brought between limits_least
 * and `ceiling`. output_bytes 0 is a real value, so "not asked" is UINT64_MAX there and for all others:
 * callers start from limits_unset(). */
struct limits limits_unset(void);
struct limits limits_clamp(struct limits asked, const struct limits *standard, const struct limits *ceiling);

#endif
