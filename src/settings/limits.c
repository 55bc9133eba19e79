#include "settings/limits.h"

#include <stddef.h>
#include <string.h>

#define X(name, standard, least, ceiling) .name = standard,
const struct limits limits_standard = {RUN_LIMITS(X)};
#undef X
#define X(name, standard, least, ceiling) .name = least,
const struct limits limits_least = {RUN_LIMITS(X)};
#undef X
#define X(name, standard, least, ceiling) .name = ceiling,
const struct limits limits_ceiling = {RUN_LIMITS(X)};
#undef X

uint64_t *limits_field(struct limits *l, const char *name)
{
#define X(field, standard, least, ceiling)                                                                   \
    if (!strcmp(name, #field))                                                                               \
        return &l->field;
    RUN_LIMITS(X)
#undef X
    return NULL;
}

struct limits limits_unset(void)
{
#define X(name, standard, least, ceiling) .name = UINT64_MAX,
    return (struct limits){RUN_LIMITS(X)};
#undef X
}

static uint64_t clamp(uint64_t asked, uint64_t standard, uint64_t least, uint64_t ceiling)
{
    uint64_t value = asked == UINT64_MAX ? standard : asked;
    if (value < least)
        value = least;
    return value > ceiling ? ceiling : value;
}

struct limits limits_clamp(struct limits asked, const struct limits *standard, const struct limits *ceiling)
{
    struct limits used;
#define X(name, s, l, c) used.name = clamp(asked.name, standard->name, limits_least.name, ceiling->name);
    RUN_LIMITS(X)
#undef X
    return used;
}
