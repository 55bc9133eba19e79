#include "language/language.h"

#include <stdio.h>

struct environment {
    char **entries; /* room for all, NULL-ended */
    size_t count;
};

/* Sets NAME=value, in place of an earlier one of that name. */
static bool set(struct environment *env, const char *entry)
{
    size_t name = (size_t)(strchrnul(entry, '=') - entry), i = 0;
    while (i < env->count && (strncmp(env->entries[i], entry, name) != 0 || env->entries[i][name] != '='))
        i++;
    char *copy = strdup(entry);
    if (!copy)
        return false;
    free(env->entries[i]);
    env->entries[i] = copy;
    env->count += i == env->count;
    return true;
}

char **language_environment(const struct language *language, char *const *more)
{
    static char *const house[] = {"PATH=/usr/bin:/bin", "HOME=/work", NULL};
    char *const *const lists[] = {house, language->env, more};
    struct environment env = {0};
    size_t most = 1;
    for (size_t i = 0; i < array_length(lists); i++)
        most += strings_count(lists[i]);
    bool good = (env.entries = calloc(most, sizeof *env.entries));
    for (size_t i = 0; good && i < array_length(lists); i++)
        for (size_t j = 0; good && lists[i] && lists[i][j]; j++)
            good = set(&env, lists[i][j]);
    if (good)
        return env.entries;
    strings_free(env.entries);
    return NULL;
}
